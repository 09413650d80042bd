"""The command `viva`."""

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from server.accounts.models import Role, User
from server.accounts.operators import add_user, generated_password
from server.accounts.schemas import SignUp
from server.errors import VivaError
from server.logs import configure_logging
from server.settings import Settings
from server.storage.migrate import MigrationError
from server.storage.postgres import EmbeddedPostgresError
from server.storage.running import running_database
from server.storage.scope import system


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; the exit status is 0 when it succeeded."""
    parsed = _parser().parse_args(arguments)
    try:
        settings = Settings()
        configure_logging(settings)
        status: int = parsed.run(settings, parsed)
    except (VivaError, EmbeddedPostgresError, MigrationError) as error:
        return _fail(str(error))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]
        return _fail("\n".join(problems))
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="viva", description="A WebRTC interview server with proctoring.")
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = commands.add_parser("serve", help="run the server")
    serve.add_argument(
        "--demo", action="store_true", help="seed the demo organisation and print its sign-ins"
    )
    serve.set_defaults(run=_serve)
    for name, run, text in (
        ("migrate", _migrate, "bring the database to the newest revision"),
        ("demo", _demo, "seed the demo organisation and print its sign-ins"),
        ("openapi", _openapi, "print the OpenAPI document"),
        ("models", _models, "fetch the model files, or check those that are there"),
        ("recover", _recover, "finish recordings that a crash left behind, while no server runs"),
        ("doctor", _doctor, "check database, files, models and Redis"),
    ):
        commands.add_parser(name, help=text).set_defaults(run=run)
    user = commands.add_parser("user", help="manage accounts").add_subparsers(
        required=True, metavar="command"
    )
    add = user.add_parser("add", help="add a person; the password is asked for, or read from a pipe")
    add.add_argument("email")
    add.add_argument("--name", required=True, help="full name")
    add.add_argument("--organisation", help="name of the organisation; made when there is none")
    add.add_argument("--role", type=Role, choices=list(Role), default=Role.ADMIN, help="role in it")
    add.add_argument(
        "--generate-password", action="store_true", help="make a password and print it, instead of asking"
    )
    add.set_defaults(run=_user_add)
    return parser


def _serve(settings: Settings, parsed: argparse.Namespace) -> int:
    from server.serve import serve

    return serve(settings, demo=parsed.demo)


def _migrate(settings: Settings, _parsed: argparse.Namespace) -> int:
    async def run() -> None:
        async with running_database(settings):
            pass

    asyncio.run(run())
    return _say("The database is up to date.")


def _demo(settings: Settings, _parsed: argparse.Namespace) -> int:
    from server.demo import seed

    async def run() -> list[str]:
        async with running_database(settings) as database:
            return (await seed(database, settings)).lines()

    return _say(*asyncio.run(run()))


def _openapi(_settings: Settings, _parsed: argparse.Namespace) -> int:
    from server.app import openapi_document

    return _say(json.dumps(openapi_document(), indent=2, ensure_ascii=False))


def _models(settings: Settings, _parsed: argparse.Namespace) -> int:
    from proctoring.models import ModelError, ensure_models

    try:
        files = ensure_models(settings.models_path)
    except ModelError as error:
        return _fail(str(error))
    return _say(str(files))


def _recover(settings: Settings, _parsed: argparse.Namespace) -> int:
    from server.sittings.lifecycle import recover
    from server.storage.files import open_files

    async def run() -> int:
        async with running_database(settings) as database:
            return await recover(settings, database, open_files(settings.storage_url, settings.data_dir))

    return _say(f"Finished {asyncio.run(run())} recordings.")


def _doctor(settings: Settings, _parsed: argparse.Namespace) -> int:
    from server.doctor import examine

    findings = asyncio.run(examine(settings))
    _say(*(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.detail}" for finding in findings))
    return 0 if all(finding.ok for finding in findings) else 1


def _user_add(settings: Settings, parsed: argparse.Namespace) -> int:
    password = generated_password() if parsed.generate_password else _read_password()
    wanted = SignUp(
        email=parsed.email,
        password=password,
        full_name=parsed.name,
        organisation_name=parsed.organisation,
    )

    async def run() -> User:
        async with running_database(settings) as database, database.begin(system("command line")) as uow:
            return await add_user(uow, wanted, parsed.role)

    added = [f"Added {asyncio.run(run()).email}."]
    return _say(*added, *([f"Password: {password}"] if parsed.generate_password else []))


def _read_password() -> str:
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _say(*lines: str) -> int:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    return 0


def _fail(message: str) -> int:
    sys.stderr.write(f"viva: {message}\n")
    return 1
