"""The demo's collection: a bank of questions worth asking, and two templates that draw from it."""

from uuid import UUID

from sqlalchemy import select

from server.questions.banks import create_bank
from server.questions.models import Difficulty, Question
from server.questions.schemas import CreateBank, CreateBankQuestion, WriteTemplate
from server.questions.service import create_questions
from server.questions.templates import create_template
from server.storage.db import UnitOfWork

EASY, MEDIUM, HARD = Difficulty
QUESTIONS: tuple[tuple[str, Difficulty, str, tuple[str, ...]], ...] = (
    ("behavioral", EASY, "Tell us about a piece of work you are proud of. What was your part in it?", ("warm-up",)),
    ("behavioral", EASY, "What made you choose this field, and what keeps you in it?", ("warm-up", "motivation")),
    ("behavioral", EASY, "What do you need from a team to do your best work?", ("teamwork", "motivation")),
    ("behavioral", EASY, "Describe a day at work that you would call a good one.", ("warm-up", "motivation")),
    ("behavioral", MEDIUM, "Describe a decision you would take differently today, and why.", ("judgement",)),
    ("behavioral", MEDIUM, "Tell us about feedback that was hard to hear. What did you do with it?", ("growth",)),
    ("behavioral", MEDIUM, "When did you last change your mind about something technical? What changed it?", ("growth", "judgement")),
    ("behavioral", MEDIUM, "Tell us about a disagreement with a colleague. How did it end?", ("teamwork",)),
    ("behavioral", MEDIUM, "Describe a time when you had to say no to a request. How did you say it?", ("communication", "judgement")),
    ("behavioral", HARD, "Tell us about a project that failed. Which signs did you see early, and what did you do about them?", ("judgement", "ownership")),
    ("behavioral", HARD, "Describe a situation in which doing the right thing cost you something.", ("ownership",)),
    ("behavioral", HARD, "When did you lead people who did not report to you? How did you win them over?", ("leadership", "communication")),
    ("technical", EASY, "How do you find out why a page loads slowly? Walk us through your first ten minutes.", ("debugging", "web")),
    ("technical", EASY, "What belongs into a good bug report?", ("debugging", "communication")),
    ("technical", EASY, "Explain to a new colleague what an index in a database is for, and what it costs.", ("databases", "communication")),
    ("technical", EASY, "How do you decide what to test, and what not?", ("testing",)),
    ("technical", MEDIUM, "Walk us through a system you know well. Where is it weakest?", ("architecture",)),
    ("technical", MEDIUM, "How would you change the type of a column in a table with a hundred million rows without downtime?", ("databases",)),
    ("technical", MEDIUM, "A test fails once in fifty runs. How do you go about it?", ("testing", "debugging")),
    ("technical", MEDIUM, "When would you choose a queue between two services, and when a direct call?", ("architecture",)),
    ("technical", MEDIUM, "How do you review a change that is too large to understand in one sitting?", ("teamwork", "testing")),
    ("technical", HARD, "Two users book the last seat at the same moment. Show us several ways to get this right, and what each costs.", ("databases", "architecture")),
    ("technical", HARD, "Memory of a service grows by a megabyte an hour. How do you find out why in production?", ("debugging",)),
    ("technical", HARD, "Design rate limiting for an API that runs on twelve machines. What happens when one of them is cut off?", ("architecture",)),
    ("technical", HARD, "You inherit a codebase without tests that earns all the money. What do you do in the first three months?", ("testing", "ownership")),
    ("domain-specific", EASY, "Which product do you use every day, and what would you improve in it first?", ("product",)),
    ("domain-specific", EASY, "How do you tell that a feature is a success?", ("product",)),
    ("domain-specific", MEDIUM, "Customers ask for opposite things. How do you decide what to build?", ("product", "judgement")),
    ("domain-specific", MEDIUM, "How would you explain a missed deadline to a customer?", ("communication", "product")),
    ("domain-specific", HARD, "Our sign-up loses half of its visitors between two steps. How do you find out why, and how would you know that it is mended?", ("product", "web")),
)  # fmt: skip
BANK = "Product engineering"
TEMPLATES = (
    {
        "name": "Product engineer: first conversation",
        "description": "A few questions to get to know you. Answer each in your own words; there are no trick questions.",
        "difficulty": 2,
        "question_count": 5,
        "easy_percent": 60,
        "medium_percent": 40,
        "hard_percent": 0,
        "duration_minutes": 20,
        "interview_guide": "Listen for what they did themselves. Ask for one example where an answer stays general.",
    },
    {
        "name": "Senior engineer: in depth",
        "description": "An hour about systems, decisions and people.",
        "difficulty": 4,
        "question_count": 8,
        "easy_percent": 10,
        "medium_percent": 40,
        "hard_percent": 50,
        "duration_minutes": 60,
        "interview_guide": "Two of you ask, one takes notes. Leave ten minutes for their questions. Judge the way to the "
        "answer, not the answer.",
    },
)  # fmt: skip


async def add_questions(uow: UnitOfWork, organisation_id: UUID) -> None:
    """Fill the collection unless there are questions in it."""
    present = select(Question.id).where(Question.organisation_id == organisation_id).limit(1)
    if await uow.session.scalar(present) is not None:
        return
    made = await create_questions(
        uow,
        organisation_id,
        [
            CreateBankQuestion(category=category, difficulty=difficulty, text=text, tags=list(tags))
            for category, difficulty, text, tags in QUESTIONS
        ],
    )
    bank = await create_bank(
        uow, organisation_id, CreateBank(name=BANK, question_ids=[question.id for question in made])
    )
    for template in TEMPLATES:
        new = WriteTemplate.model_validate(template | {"bank_ids": [bank.id]})
        await create_template(uow, organisation_id, new)
