"""How serving begins and how it refuses to."""

import socket

from scripts.serve import platform_env, port_problem


def test_a_taken_port_is_a_sentence_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        problem = port_problem("127.0.0.1", port)
    assert f"127.0.0.1:{port}" in problem
    assert f"make serve PORT={port + 1}" in problem


def test_a_free_port_is_no_problem() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert port_problem("127.0.0.1", port) == ""


def test_a_number_that_is_no_port_is_named() -> None:
    assert port_problem("127.0.0.1", 70000).startswith("70000 is not a port")


def test_the_public_address_follows_the_port_unless_it_is_given(tmp_path: object) -> None:
    home = {"FRAMELANE_HOME": str(tmp_path)}
    assert platform_env("0.0.0.0", 8001, home)["FRAMELANE_PUBLIC_URL"] == "http://127.0.0.1:8001"
    given = {**home, "FRAMELANE_PUBLIC_URL": "https://films.example.com"}
    assert platform_env("0.0.0.0", 8001, given)["FRAMELANE_PUBLIC_URL"] == "https://films.example.com"
