"""Every list the API has, found in what its routes declare, and the ways each of them is asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.app import PACKAGES
from server.web.operations import Operation

PAGING = {"limit", "cursor"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask: with these filters, as this one of the people. {names} are ids."""

    filters: str = ""
    who: str = "admin"


def _ways(*filters: str, who: tuple[str, ...] = ("admin",)) -> tuple[Way, ...]:
    """The first page as each of these people, and each of the filters as the first of them."""
    return tuple(Way(who=one) for one in who) + tuple(Way(each, who[0]) for each in filters)


# A search that finds much, one that finds little at the far end, and one that finds nothing at all.
WAYS: dict[str, tuple[Way, ...]] = {
    "list_people": _ways(),
    "list_questions": _ways(
        "q=case",
        "q=case 17,",
        "q=zebra",
        "category=technical&difficulty=hard",
        "tag={tag_id}",
        "bank={bank_id}",
        "archived=true",
    ),
    "list_tags": _ways("q=tag 1", "q=zebra"),
    "list_banks": _ways("q=bank 1", "q=zebra"),
    "list_templates": _ways("q=template 1", "q=zebra"),
    "list_sign_ins": _ways(),
    "list_api_tokens": _ways(),
    "list_members": _ways("search=colleague0-7", "search=zebra"),
    "list_colleague_invites": _ways(),
    "search_audit": _ways(
        "actor_id={recruiter_id}",
        "action=member.",
        "action=zebra",
        "entity_type=interview&entity_id={interview_id}",
        "entity_type=zebra",
        "since={long_ago}&until={month_ago}",
    ),
    "list_interviews": _ways(who=("admin", "recruiter")),
    "list_invites": _ways("q=candidate777", "q=zebra", "status=expired", "undelivered=true"),
    "list_candidate_interviews": _ways(who=("candidate", "busy_candidate")),
    "list_candidate_invitations": _ways(who=("candidate", "busy_candidate")),
    "list_proctoring_presets": _ways(),
    "list_staff_sessions": _ways(
        "q=nurse",
        "q=candidate11@",
        "q=zebra",
        "status=scheduled",
        "status=cancelled",
        "kind=live",
        "kind=panel",
        "unreviewed=true",
        "since={long_ago}&until={month_ago}",
        who=("admin", "recruiter", "interviewer", "reviewer"),
    ),
    "list_staff_videos": _ways(
        "q=candidate11@",
        "q=candidate 7",
        "q=zebra",
        "status=failed",
        "status=recovered",
        "since={long_ago}&until={month_ago}",
        who=("admin", "recruiter"),
    ),
    "list_dashboard_interviews": _ways(
        "q=nurse", "q=zebra", "status=completed", "kind=live", "kind=panel", who=("admin", "recruiter")
    ),
    "list_dashboard_weeks": _ways("interview_id={interview_id}"),
    "list_interview_people": _ways(
        "q=candidate 77", "q=zebra", "state=reviewed", "state=undelivered", "state=withdrawn"
    ),
    "list_mails": _ways(
        "status=failed", "kind=invite", "kind=zebra", "to=candidate11@", "to=zebra", "failed_first=true"
    ),
}
"""By the name of the operation."""


def lists(operations: Iterable[Operation] | None = None) -> dict[str, Operation]:
    """The operations that are called a list or answer with `items`, by name."""
    every = operations or (operation for routes in PACKAGES for operation in routes.operations)
    return {
        operation.name: operation
        for operation in every
        if operation.method == "GET"
        and (operation.name.startswith("list_") or "items" in getattr(operation.answer, "model_fields", ()))
    }


def forgotten() -> list[str]:
    """What nobody asks for: lists without a way, ways without a list, filters no way uses."""
    found = lists()
    missing = sorted(set(found) ^ set(WAYS))
    for name, operation in found.items():
        filters = set(operation.query[1].model_fields) if operation.query else set()
        used = {
            part.partition("=")[0] for way in WAYS.get(name, ()) for part in way.filters.split("&") if part
        }
        missing += [f"{name}?{each}" for each in sorted((filters - PAGING) ^ used)]
    return missing


def pages(operation: Operation) -> bool:
    """Whether the list goes on through a cursor."""
    return operation.query is not None and "cursor" in operation.query[1].model_fields
