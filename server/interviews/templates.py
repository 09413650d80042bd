"""An interview made of a template."""

from uuid import UUID

from server.interviews.schemas import CreateInterview, CreateQuestion
from server.questions import templates
from server.storage.db import UnitOfWork


async def filled(uow: UnitOfWork, organisation_id: UUID, new: CreateInterview) -> CreateInterview:
    """The interview with what was not given taken from its template; raises TemplateNotFound."""
    if new.template_id is None:
        return new
    template = await templates.find_template(uow, new.template_id, [organisation_id])
    of_template: dict[str, object] = {
        "title": template.name,
        "description": template.description,
        "duration_minutes": template.duration_minutes,
        "interview_guide": template.interview_guide,
    }
    missing = {name: value for name, value in of_template.items() if not getattr(new, name)}
    if not new.questions:
        drawn = await templates.draw(uow, template, new.draw_seed)
        missing["questions"] = [
            CreateQuestion(text=one.text, question_id=one.question_id) for one in drawn.questions
        ]
    return new.model_copy(update=missing)
