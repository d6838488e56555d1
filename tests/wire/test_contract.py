import pytest

from tests.wire.contract import DESCRIPTION, Contract, ContractBrokenError, read_description

pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="the reference folder ../shared is absent"
)


@pytest.fixture
def contract() -> Contract:
    description = read_description()
    assert description is not None
    return Contract(description)


def test_what_discord_describes_is_allowed(contract: Contract) -> None:
    contract.check("GET", "/users/@me", set(), None)
    contract.check("GET", "/channels/1/messages", {"limit", "before"}, None)
    contract.check("POST", "/channels/1/messages", set(), {"content": "hello", "nonce": "1"})
    contract.check("PATCH", "/webhooks/1/token/messages/@original", set(), {"content": "hello"})
    contract.check("POST", "/users/@me/channels", set(), {"recipient_id": 1})

    contract.raise_if_broken()
    assert contract.checked == 5


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "complaint"),
    [
        ("POST", "/channels/1/messages", set(), {"content": "x" * 4001}, "too long"),
        ("POST", "/channels/1/messages", set(), {"content": 5}, "not of type"),
        ("POST", "/channels/1/messages", set(), {"nonce": "n" * 26}, "content.*|nonce"),
        ("POST", "/interactions/1/t/callback", set(), {"type": "five"}, "five"),
        ("GET", "/channels/1/messages", {"newest"}, None, "unknown query parameter newest"),
        ("GET", "/channels/1/mesages", set(), None, "no route of Discord's"),
        ("PUT", "/users/@me", set(), {}, "no route of Discord's"),
        ("POST", "/channels/1/messages/2/threads", set(), {"name": "x" * 101}, "too long"),
    ],
)
def test_what_discord_does_not_describe_is_told(
    method: str, path: str, query: set[str], body: object, complaint: str, contract: Contract
) -> None:
    contract.check(method, path, query, body)

    with pytest.raises(ContractBrokenError, match=complaint):
        contract.raise_if_broken()
