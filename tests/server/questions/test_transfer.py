"""Questions out as a file, and in again."""

from tests.server.questions.test_questions import found, make
from tests.server.world import Json, Person, World

FILE = "text,category,difficulty,tags\nNew?,technical,hard,web;SQL\nOld?,,,\nNew?,,,\n,,brutal,\n"


async def kept(person: Person) -> list[Json]:
    """Everything about the questions but what the house adds."""
    items = (await person.get("/questions")).json["items"]
    return [
        (one["text"], one["category"], one["difficulty"], [tag["name"] for tag in one["tags"]])
        for one in items
    ]


async def test_a_dry_run_says_what_would_become_of_each_line(world: World) -> None:
    recruiter = (await world.team()).recruiter
    await make(recruiter, "Old?")
    said = (await recruiter.post("/questions/import", {"csv": FILE, "dry_run": True})).json
    assert [(line["line"], line["status"]) for line in said["items"]] == [
        (2, "new"),
        (3, "duplicate"),
        (4, "duplicate"),
        (5, "wrong"),
    ]
    assert said["items"][0]["tags"] == ["web", "SQL"]
    assert [problem["field"] for problem in said["items"][3]["problems"]] == ["text", "difficulty"]
    counts = (said["new_count"], said["duplicate_count"], said["wrong_count"], said["dry_run"])
    assert counts == (1, 2, 1, True)
    assert await found(recruiter) == ["Old?"]
    assert (await recruiter.get("/tags")).json["items"] == []
    done = (await recruiter.post("/questions/import", {"csv": FILE})).json
    assert done == said | {"dry_run": False}
    assert await kept(recruiter) == [
        ("New?", "technical", "hard", ["SQL", "web"]),
        ("Old?", "custom", "medium", []),
    ]


async def test_an_export_imports_as_the_same_questions(world: World) -> None:
    here, there = (await world.team()).recruiter, (await world.team("Other")).recruiter
    await make(here, '=HYPERLINK("x")', category="-a", difficulty="easy", tags=["@b", "c"])
    await make(here, 'Two\nlines, "quoted"; and more', difficulty="hard")
    await make(here, "'=already quoted")
    answer = await here.get("/questions/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="questions.csv"'
    content = answer.raw.decode()
    assert "'=HYPERLINK" in content
    imported = (await there.post("/questions/import", {"csv": content})).json
    assert (imported["new_count"], imported["wrong_count"]) == (3, 0)
    assert await kept(there) == await kept(here)
    assert (await there.get("/questions/export")).raw.decode() == content
    again = (await here.post("/questions/import", {"csv": content})).json
    assert (again["new_count"], again["duplicate_count"]) == (0, 3)


async def test_an_export_has_what_the_filter_finds(world: World) -> None:
    recruiter = (await world.team()).recruiter
    await make(recruiter, "Easy?", difficulty="easy")
    await make(recruiter, "Hard?", difficulty="hard")
    assert (await recruiter.get("/questions/export?difficulty=hard")).raw.decode() == (
        "text,category,difficulty,tags\r\nHard?,custom,hard,\r\n"
    )
    assert (await recruiter.get("/questions/export?q=none")).raw == b"text,category,difficulty,tags\r\n"


async def test_a_file_that_is_too_long_makes_nothing(world: World) -> None:
    recruiter = (await world.team()).recruiter
    refused = await recruiter.post("/questions/import", {"csv": "text\n" + "x?\n" * 2001})
    assert refused.refused == (422, "bad_request")
    assert refused.json["detail"][0]["field"] == "csv"
    many = "text,tags\n" + "".join(f"{number}?,a;b;{number % 40}\n" for number in range(2000))
    imported = (await recruiter.post("/questions/import", {"csv": many})).json
    assert imported["new_count"] == 2000
    lines = (await recruiter.get("/questions/export")).raw.decode().splitlines()
    assert [lines[1], lines[2000], len(lines)] == [
        "0?,custom,medium,0;a;b",
        "1999?,custom,medium,39;a;b",
        2001,
    ]
