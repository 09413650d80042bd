"""Invitations that are delivered: previewed, sent by a real mail server, sent again, taken back."""

import re
from email.message import EmailMessage

import pytest

from server.interviews.inviting import LIFETIME
from server.mail.delivery import Deliverer
from server.settings import Settings
from tests.server.mail.outbox import mails
from tests.server.mail.post_office import PostOffice, letter_of
from tests.server.world import Json, Person, Team, VirtualClock, World, unknown_id


@pytest.fixture
def settings(mail_settings: Settings) -> Settings:
    """A configuration with a mail server."""
    return mail_settings.model_copy(update={"public_url": "http://viva.example"})


def _opened(message: EmailMessage) -> tuple[str, str]:
    """Token and code of a mail's link."""
    found = re.search(r"http://viva\.example/i/([\w-]+)#(\d{6})\s", letter_of(message, "plain"))
    assert found
    assert f"{found[2][:3]} {found[2][3:]}" in letter_of(message, "plain")
    assert f"http://viva.example/i/{found[1]}#{found[2]}" in letter_of(message, "html")
    return found[1], found[2]


async def _invited(world: World, email: str) -> tuple[Team, str, Json]:
    team = await world.team()
    path = f"/interviews/{(await world.interview(team))['id']}/invites"
    [item] = (await team.recruiter.post(path, {"emails": [email]})).json["items"]
    return team, path, item


async def _listed(team: Team, path: str) -> Json:
    return (await team.recruiter.get(path)).json["items"]


async def _redeem(person: Person, code: str) -> tuple[int, str | None]:
    answer = await person.post("/candidate/interviews", {"code": code})
    return answer.status, answer.json.get("error")


async def test_the_preview_judges_each_line_and_sends_nothing(
    world: World, deliverer: Deliverer, post_office: PostOffice
) -> None:
    team, path, _ = await _invited(world, "known@example.com")
    await post_office.until(1)
    text = "Ada <ada@example.com>, nonsense\nADA@example.com\nknown@example.com; new@bücher.example"
    preview = await team.recruiter.post(path + "/preview", {"text": text})
    assert preview.status == 200
    lines = [(item["line"], item["email"], item["name"], item["verdict"]) for item in preview.json["items"]]
    assert lines == [
        (1, "ada@example.com", "Ada", "fine"),
        (1, None, None, "wrong"),
        (2, "ada@example.com", None, "duplicate"),
        (3, "known@example.com", None, "already_invited"),
        (3, "new@bücher.example", None, "fine"),
    ]
    assert [bool(item["reason"]) for item in preview.json["items"]] == [False, True, True, True, False]
    counts = {name: preview.json[name] for name in ("fine", "duplicate", "already_invited", "wrong")}
    assert counts == {"fine": 2, "duplicate": 1, "already_invited": 1, "wrong": 1}
    await deliverer.deliver_due()
    assert len(await _listed(team, path)) == 1
    assert post_office.recipients == ["known@example.com"]


async def test_a_list_has_a_thousand_people_and_no_more(world: World) -> None:
    team = await world.team()
    path = f"/interviews/{(await world.interview(team))['id']}/invites"
    people = [f"p{n}@example.com" for n in range(1001)]
    assert (await team.recruiter.post(path + "/preview", {"text": "\n".join(people[:1000])})).json[
        "fine"
    ] == 1000
    for body in (
        {"text": "\n".join(people)},
        {"emails": people},
        {"text": " ,\n"},
        {},
        {"text": "a", "emails": ["a"]},
    ):
        assert (await team.recruiter.post(path, body)).refused == (422, "bad_request")
    assert (await team.recruiter.post(path + "/preview", {"text": "\n".join(people)})).refused[0] == 422


async def test_a_mail_brings_code_and_link(world: World, post_office: PostOffice) -> None:
    candidate = await world.person()
    team = await world.team()
    interview = await world.interview(team)
    path = f"/interviews/{interview['id']}/invites"
    made = await team.recruiter.post(path, {"text": f"Casey C. <{candidate.email}>"})
    assert (made.status, made.json["items"][0]["delivery"]) == (201, "queued")
    await post_office.until(1)
    [message] = post_office.received
    token, code = _opened(message)
    assert code == made.json["items"][0]["code"]
    assert message["Reply-To"] == team.recruiter.email
    plain = letter_of(message, "plain")
    for said in ("Hello Casey C.,", "2 questions, at most 2 minutes", "Open until", "Recruiter of Northwind"):
        assert said in plain
    nobody = await world.somebody()
    seen = await nobody.post("/invitations/look", {"token": token})
    assert seen.status == 200
    assert seen.json["organisation_name"] == "Northwind"
    assert (seen.json["title"], seen.json["email"]) == ("Engineer", candidate.email)
    assert (seen.json["question_count"], seen.json["minutes"], seen.json["status"]) == (2, 2, "pending")
    assert await _redeem(candidate, code) == (201, None)
    assert (await nobody.post("/invitations/look", {"token": token})).json["status"] == "accepted"
    for cut in ("x", "x" * 32):  # mail programs break long links
        unknown = await nobody.post("/invitations/look", {"token": cut})
        assert unknown.refused == (404, "invite_unknown_link")


async def test_each_row_shows_what_became_of_its_mail(
    world: World, deliverer: Deliverer, post_office: PostOffice
) -> None:
    team = await world.team()
    path = f"/interviews/{(await world.interview(team))['id']}/invites"
    post_office.answers["b@example.com"] = ["550 No such user"]
    post_office.answers["c@example.com"] = ["451 Later"]
    await team.recruiter.post(path, {"emails": [f"{name}@example.com" for name in "abc"]})
    await deliverer.deliver_due()
    rows = {row["email"][0]: (row["delivery"], row["delivery_error"]) for row in await _listed(team, path)}
    assert rows == {"a": ("sent", None), "b": ("failed", "550 No such user"), "c": ("queued", "451 Later")}
    undelivered = (await team.recruiter.get(path + "?undelivered=true")).json["items"]
    assert [row["email"] for row in undelivered] == ["b@example.com"]
    found = (await team.recruiter.get(path + "?q=C@EX")).json["items"]
    assert [row["email"] for row in found] == ["c@example.com"]
    first = (await team.recruiter.get(path + "?limit=2")).json
    rest = (await team.recruiter.get(f"{path}?limit=2&cursor={first['next_cursor']}")).json
    assert [row["email"][0] for row in first["items"] + rest["items"]] == ["c", "b", "a"]


async def test_sending_again_kills_the_old_code_and_link(
    world: World, deliverer: Deliverer, post_office: PostOffice
) -> None:
    candidate = await world.person()
    team, path, item = await _invited(world, candidate.email)
    await deliverer.deliver_due()
    again = await team.recruiter.post(f"{path}/{item['id']}/resend")
    assert (again.status, again.json["delivery"]) == (200, "queued")
    await deliverer.deliver_due()
    (old_token, old_code), (token, code) = map(_opened, post_office.received)
    assert (old_token, old_code) != (token, code)
    assert code == again.json["code"]
    nobody = await world.somebody()
    assert (await nobody.post("/invitations/look", {"token": old_token})).refused == (
        404,
        "invite_unknown_link",
    )
    assert (await nobody.post("/invitations/look", {"token": token})).status == 200
    if old_code != code:  # one in a million
        assert await _redeem(candidate, old_code) == (404, "invite_unknown_code")
    assert await _redeem(candidate, code) == (201, None)
    assert (await team.recruiter.post(f"{path}/{item['id']}/resend")).refused == (409, "invite_accepted")
    assert (await team.recruiter.post(f"{path}/{item['id']}/revoke")).refused == (409, "invite_accepted")


async def test_a_failed_mail_is_taken_back_when_it_is_sent_again(
    world: World, deliverer: Deliverer, post_office: PostOffice
) -> None:
    post_office.answers["a@example.com"] = ["550 Mailbox full"]
    team, path, item = await _invited(world, "a@example.com")
    await deliverer.deliver_due()
    await team.recruiter.post(f"{path}/{item['id']}/resend")
    await deliverer.deliver_due()
    [row] = await _listed(team, path)
    assert (row["delivery"], row["delivery_error"]) == ("sent", None)
    assert [mail.status for mail in await mails(world.database)] == ["cancelled", "sent"]
    assert (await team.recruiter.get(path + "?undelivered=true")).json["items"] == []


async def test_sending_again_has_a_limit(world: World, clock: VirtualClock) -> None:
    team, path, item = await _invited(world, "a@example.com")
    resend = f"{path}/{item['id']}/resend"
    assert [(await team.recruiter.post(resend)).status for _ in range(3)] == [200] * 3
    refused = await team.recruiter.post(resend)
    assert refused.refused == (429, "too_many_attempts")
    assert refused.headers["Retry-After"] == "3600"
    clock.advance(hours=1, seconds=1)
    await team.recruiter.post("/auth/refresh")
    assert (await team.recruiter.post(resend)).status == 200


async def test_an_expired_invite_lives_again_when_sent_again(
    world: World, clock: VirtualClock, deliverer: Deliverer, post_office: PostOffice
) -> None:
    team, path, item = await _invited(world, "a@example.com")
    await deliverer.deliver_due()
    token, _ = _opened(post_office.received[0])
    clock.advance(seconds=LIFETIME.total_seconds() + 1)
    await team.recruiter.post("/auth/refresh")
    assert (await _listed(team, path))[0]["status"] == "expired"
    assert len((await team.recruiter.get(path + "?status=expired")).json["items"]) == 1
    assert (await team.recruiter.get(path + "?status=pending")).json["items"] == []
    nobody = await world.somebody()
    assert (await nobody.post("/invitations/look", {"token": token})).refused == (410, "invite_expired")
    again = (await team.recruiter.post(f"{path}/{item['id']}/resend")).json
    assert again["status"] == "pending"
    assert again["expires_at"] > item["expires_at"]


async def test_an_old_invite_is_not_woken_beside_a_new_one(world: World, clock: VirtualClock) -> None:
    team, path, old = await _invited(world, "a@example.com")
    clock.advance(seconds=LIFETIME.total_seconds() + 1)
    await team.recruiter.post("/auth/refresh")
    [new] = (await team.recruiter.post(path, {"emails": ["a@example.com"], "expires_in_days": 2})).json[
        "items"
    ]
    assert new["error"] is None
    assert (await team.recruiter.post(f"{path}/{old['id']}/resend")).refused == (409, "already_invited")
    clock.advance(days=2, seconds=1)
    await team.recruiter.post("/auth/refresh")
    assert (await team.recruiter.post(f"{path}/{old['id']}/resend")).status == 200


async def test_what_was_taken_back_opens_nothing_and_is_not_sent(
    world: World, deliverer: Deliverer, post_office: PostOffice
) -> None:
    candidate = await world.person()
    await post_office.link_to(candidate.email, "verify-email")
    post_office.answers[candidate.email] = ["451 Later"]
    team, path, item = await _invited(world, candidate.email)
    await deliverer.deliver_due()
    revoked = await team.recruiter.post(f"{path}/{item['id']}/revoke")
    assert (revoked.status, revoked.json["status"], revoked.json["delivery"]) == (200, "revoked", "not_sent")
    assert (await team.recruiter.post(f"{path}/{item['id']}/revoke")).status == 200
    assert await _redeem(candidate, item["code"]) == (410, "invite_revoked")
    assert (await team.recruiter.post(f"{path}/{item['id']}/resend")).refused == (410, "invite_revoked")
    [mail] = await mails(world.database)
    assert (mail.status, mail.text) == ("cancelled", None)
    again = (await team.recruiter.post(path, {"emails": [candidate.email]})).json["items"]
    assert again[0]["error"] is None


async def test_invites_of_others_cannot_be_touched(world: World) -> None:
    team, path, item = await _invited(world, "a@example.com")
    other, other_path, _ = await _invited(world, "a@example.com")
    for action in ("resend", "revoke"):
        assert (await other.recruiter.post(f"{path}/{item['id']}/{action}")).refused == (
            404,
            "interview_not_found",
        )
        # Nor under an interview of one's own.
        assert (await other.recruiter.post(f"{other_path}/{item['id']}/{action}")).refused == (
            404,
            "invite_not_found",
        )
        assert (await team.recruiter.post(f"{path}/{unknown_id()}/{action}")).refused[0] == 404
        for person in (team.interviewer, team.reviewer):
            assert (await person.post(f"{path}/{item['id']}/{action}")).refused == (403, "not_allowed")
    assert (await _listed(team, path))[0]["status"] == "pending"
