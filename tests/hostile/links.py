"""Links that look like Discord's own, or try to lead elsewhere by way of them."""

from collections.abc import Iterator
from itertools import product

REAL = "cdn.discordapp.com"
STRANGERS = (
    "evil.example",
    "cdn.discordapp.com.evil.example",
    "evilcdn.discordapp.com",
    "cdn.discordapp.com.",
    "cdn-discordapp.com",
    "cdn.discordapp.co",
    "discordapp.com",
    "discord.com",
    "media.discordapp.net.evil.example",
    "cdn.discordapp.com%2eevil.example",
    "cdn.discordapp.com%00.evil.example",
    "cdn.dis\u0441ordapp.com",  # a Cyrillic letter
    "cdn.d\u0131scordapp.com",  # an i without its dot
    "cdn\u2024discordapp.com",  # a one-dot leader
    "xn--cdn-.xn--discordapp-.com",
    "xn--cdn.discordapp.com",
    "localhost",
    "LOCALHOST",
    "127.0.0.1",
    "127.1",
    "0",
    "0x7f.1",
    "0177.0.0.1",
    "2130706433",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[0:0:0:0:0:0:0:1]",
    "169.254.169.254",
    "metadata.google.internal",
    "images-ext-3.discordapp.net",
)
"""Hosts that are not Discord's media hosts."""
CREDENTIALS = ("", "user@", ":password@", f"{REAL}@", f"{REAL}:443@", f"{REAL}%40")
SCHEMES = ("https", "http", "HTTPS")
ODD = (
    f"//{REAL}/a.png",
    f"https:{REAL}/a.png",
    f"https:///{REAL}/a.png",
    f"https://{REAL}:{{port}}/a.png",
    f"https://{REAL}:80/a.png",
    f"https://{REAL}:99999/a.png",
    f"https://:secret@{REAL}/a.png",
    f"https://user:secret@{REAL}/a.png",
    f"https://{REAL}\\@evil.example/a.png",
    f"https://{REAL}\t.evil.example/a.png",
    f"https://{REAL}\n.evil.example/a.png",
    f"https://evil.example\\.{REAL}:443@evil.example/",
    f"https://[{REAL}]/a.png",
    "https://[::1%25lo]:{port}/a.png",
    "ftp://cdn.discordapp.com/a.png",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "data:image/png;base64,iVBORw0KGgo=",
    "javascript:alert(1)",
    "unix:///var/run/docker.sock",
)


def hostile_links(port: int) -> list[str]:
    """List 500 links, none of which may be opened; the canary listens at this port."""
    links = [*(odd.format(port=port) for odd in ODD), *_combined(port)]
    return list(dict.fromkeys(links))[:500]


def _combined(port: int) -> Iterator[str]:
    ports = (f":{port}", "", ":443")
    for credentials, where, host in product(CREDENTIALS, ports, STRANGERS):
        scheme = SCHEMES[len(host) % len(SCHEMES)]
        yield f"{scheme}://{credentials}{host}{where}/attachments/1/2/a.png"
