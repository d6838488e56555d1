import pytest

from tests.wire.contract import Contract, ContractBrokenError, read_description

pytestmark = pytest.mark.skipif(
    read_description() is None, reason="the reference folder ../shared is absent"
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


def test_what_is_answered_has_no_property_that_discord_does_not_name(contract: Contract) -> None:
    user = {
        "id": "1",
        "username": "alice",
        "global_name": None,
        "discriminator": "0",
        "avatar": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }
    contract.check_answer("GET", "/users/2", 200, user)
    contract.raise_if_broken()

    contract.check_answer("GET", "/users/2", 200, user | {"member": {}})
    with pytest.raises(ContractBrokenError, match="'member' was unexpected"):
        contract.raise_if_broken()


def test_neither_has_what_the_gateway_sends(contract: Contract) -> None:
    contract.check_event("MESSAGE_DELETE", {"id": "1", "channel_id": "2", "guild_id": "3"})
    contract.raise_if_broken()

    contract.check_event("MESSAGE_DELETE", {"id": "1", "channel_id": "2", "author": {}})
    contract.check_event("MESSAGE_DELETED", {"id": "1"})
    with pytest.raises(
        ContractBrokenError, match=r"'author' was unexpected\)\nMESSAGE_DELETED is no"
    ):
        contract.raise_if_broken()
