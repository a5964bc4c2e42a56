"""Products for the fault tests: filled once in a run, then copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import redis

from tests.faults.running import Product, Servers, servers

FLEET = {"rigs": 1_600, "lots": 800, "operators": 2}
"""As many lots as a worker needs some seconds for, half of them of operator-0."""
NUMBERS = count(1)

MakeProduct = Callable[[str], Product]


@pytest.fixture(scope="session")
def mortal_servers() -> Iterator[Servers]:
    """PostgreSQL and Redis that tests may kill."""
    with servers() as made:
        yield made


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an embedded product with makers, models, the law and a fleet that is assessed."""
    folder = tmp_path_factory.mktemp("filled") / "var"
    Product({"VAR_DIR": str(folder), "DATABASE_URL": "", "REDIS_URL": ""}).fill(**FLEET)
    return folder


@pytest.fixture(scope="session")
def filled_database(mortal_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the same in it."""
    folder = tmp_path_factory.mktemp("filled-servers") / "var"
    url = mortal_servers.database("filled")
    Product({"VAR_DIR": str(folder), "DATABASE_URL": url, "REDIS_URL": mortal_servers.redis_url}).fill(
        **FLEET
    )
    return "filled"


@pytest.fixture
def make_product(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeProduct]:
    """Makes a filled product of the test's own, embedded or on servers."""
    made: list[Product] = []

    def make(kind: str) -> Product:
        environment = {"VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": "", "REDIS_URL": ""}
        if kind == "embedded":
            shutil.copytree(request.getfixturevalue("filled_folder"), tmp_path / "var")
        else:
            own: Servers = request.getfixturevalue("mortal_servers")
            like = request.getfixturevalue("filled_database")
            environment["DATABASE_URL"] = own.database(f"own_{next(NUMBERS)}", like=like)
            environment["REDIS_URL"] = own.redis_url
            with redis.Redis.from_url(own.redis_url) as queue:
                queue.flushall()
        made.append(Product(environment))
        return made[-1]

    yield make
    for product in made:
        product.end()


@pytest.fixture(params=["embedded", "servers"])
def product(request: pytest.FixtureRequest, make_product: MakeProduct) -> Product:
    """A filled product, first on SQLite and files, then on PostgreSQL and Redis."""
    return make_product(request.param)


@pytest.fixture
def on_servers(make_product: MakeProduct) -> Product:
    """A filled product on PostgreSQL and Redis."""
    return make_product("servers")
