"""People choose policies: presets, an organisation's, an interview's own; every choice is audited."""

from uuid import UUID

from proctoring.rules.presets import PRESETS, THRESHOLDS, preset
from server.accounts.schemas import PersonRef
from server.accounts.service import audit, users_by_id
from server.evidence import policies
from server.evidence.policies import InForce, Scope
from server.evidence.rules import PolicyRules, general_ranges
from server.evidence.schemas import (
    ChangePolicy,
    NumberUnit,
    PolicyInForce,
    PolicyNumber,
    PolicyPreset,
    PolicyPresets,
    PolicyThreshold,
)
from server.storage.db import UnitOfWork


def presets() -> PolicyPresets:
    """All presets as they are today, and the range of every number."""
    return PolicyPresets(
        presets=[PolicyPreset(name=name, rules=PolicyRules.of(preset(name))) for name in PRESETS],
        thresholds=[
            PolicyThreshold(
                event_type=kind.value,
                name=name,
                default=limit.default,
                least=limit.least,
                most=limit.most,
                unit=limit.unit,
            )
            for kind, limits in THRESHOLDS.items()
            for name, limit in limits.items()
        ],
        general=[
            PolicyNumber(name=name, least=least, most=most, unit=_unit(name))
            for name, (least, most) in general_ranges().items()
        ],
    )


def _unit(name: str) -> NumberUnit:
    if name.endswith("_ms"):
        return "milliseconds"
    return "share" if name.endswith("_share") else "count"


async def read(uow: UnitOfWork, scope: Scope) -> PolicyInForce:
    """What holds for the scope."""
    return await _shown(uow, (await policies.in_force(uow, [scope]))[scope])


async def choose(
    uow: UnitOfWork, scope: Scope, change: ChangePolicy, *, by: UUID, address: str | None
) -> PolicyInForce:
    """Make a choice the scope's next version; raises StaleVersion."""
    before, after = await policies.replace(uow, scope, change.chosen(), version=change.version, by=by)
    _note(uow, "proctoring_policy.changed", scope, before, after, by, address)
    return await _shown(uow, after)


async def withdraw(
    uow: UnitOfWork, scope: Scope, *, version: int, by: UUID, address: str | None
) -> PolicyInForce:
    """Take an interview back to the organisation's rules; raises StaleVersion."""
    before, after = await policies.withdraw(uow, scope, version=version)
    if before.own_version:
        _note(uow, "proctoring_policy.withdrawn", scope, before, after, by, address)
    return await _shown(uow, after)


def _note(
    uow: UnitOfWork, action: str, scope: Scope, before: InForce, after: InForce, by: UUID, address: str | None
) -> None:
    """The rows themselves stay, so the log names them only."""
    interview_id = scope.interview_id
    audit(
        uow,
        action=action,
        entity=("interview", interview_id) if interview_id else ("organisation", scope.organisation_id),
        organisation_id=scope.organisation_id,
        actor_id=by,
        before=_named(before),
        after=_named(after),
        address=address,
    )


def _named(found: InForce) -> dict[str, str | int]:
    return {"origin": found.origin, "version": found.version, "preset": found.rules.preset}


async def _shown(uow: UnitOfWork, found: InForce) -> PolicyInForce:
    chosen = found.row if found.origin != "preset" else None
    by = chosen.created_by if chosen is not None else None
    person = (await users_by_id(uow, [by])).get(by) if by is not None else None
    return PolicyInForce(
        origin=found.origin,
        version=found.version,
        own_version=found.own_version,
        rules=found.rules,
        changed_at=chosen.created_at if chosen is not None else None,
        changed_by=PersonRef(id=person.id, full_name=person.full_name) if person is not None else None,
    )
