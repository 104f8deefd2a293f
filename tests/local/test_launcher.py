"""Ports, clock, archive and the clean environment: the parts of the launcher that need no emulator."""

import os
import socket
import threading
import time
import zipfile
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import pytest

from infra.local.clock import BackwardsError, Clock
from infra.local.deployer.archive import archive
from infra.local.deployer.template import load
from infra.local.emulator import Options
from infra.local.home import Home, read_json, write_json
from infra.local.ports import Ports, PortTaken, held
from infra.local.process import Launch, environment

ANY = {"aws": 0, "admin": 0, "public": 0, "mailbox": 0}


def test_ports_are_chosen_once_and_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with held(home, ANY) as first:
        pass
    assert len(set(asdict(first.ports).values())) == 4
    with held(home, {"aws": 1, "admin": 2, "public": 3, "mailbox": 4}) as second:
        assert (second.ports, second.taken) == (first.ports, {})


def test_a_taken_preferred_port_gives_way_to_a_free_one(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with held(Home(tmp_path), {**ANY, "aws": taken}) as ours:
            assert ours.ports.aws != taken
            assert ours.taken == {"aws": taken}


def test_nobody_takes_a_port_between_choosing_and_serving(tmp_path: Path) -> None:
    with held(Home(tmp_path / "one"), ANY) as first:
        wanted = asdict(first.ports)
        with held(Home(tmp_path / "two"), wanted) as second:
            assert second.taken == wanted
            assert not set(wanted.values()) & set(asdict(second.ports).values())
        # Whoever connects before the process serves waits in the queue of the socket that it inherits.
        socket.create_connection(("127.0.0.1", first.ports.public), timeout=1).close()


def test_a_kept_port_in_other_hands_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with held(home, ANY) as ours:
        home.mails.touch()  # only a mail that was sent binds us to a port
        with pytest.raises(PortTaken, match=rf"public {ours.ports.public}.*ports\.json"), held(home, patience=0.1):
            pass


def test_only_the_port_that_mails_lead_to_is_worth_an_error(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with held(home, ANY) as before:
        home.mails.touch()
        before.sockets["public"].close()
        with held(home) as after:
            assert after.ports.public == before.ports.public
            assert set(after.taken) == {"aws", "admin", "mailbox"}


def test_a_kept_port_that_is_let_go_of_in_time_is_ours_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with held(home, ANY) as before:
        home.mails.touch()
        threading.Timer(0.2, before.sockets["public"].close).start()
        with held(home, patience=5) as after:
            assert after.ports.public == before.ports.public


def test_a_kept_port_that_no_mail_leads_to_gives_way(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with held(home, ANY) as before, held(home, ANY) as after:
        assert after.ports.public != before.ports.public


def test_the_clock_goes_forward_and_is_remembered(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")
    passed: list[float] = []
    clock.on_move(passed.append)
    before = clock.now()
    clock.move(86_400)
    assert clock.now() - before == pytest.approx(86_400, abs=5)
    assert passed == [86_400]
    assert Clock(tmp_path / "clock").offset == 86_400
    with pytest.raises(BackwardsError):
        clock.move(-1)


def test_a_sleeper_wakes_when_the_clock_passes_its_instant(tmp_path: Path) -> None:
    clock, woke = Clock(tmp_path / "clock"), threading.Event()

    def sleep() -> None:
        clock.sleep_until(clock.now() + 3600)
        woke.set()

    threading.Thread(target=sleep, daemon=True).start()
    clock.move(1800)
    assert not woke.wait(0.05)
    clock.move(1801)
    assert woke.wait(2)


def test_an_archive_depends_on_content_alone(tmp_path: Path) -> None:
    (tmp_path / "pkg/__pycache__").mkdir(parents=True)
    (tmp_path / "pkg/a.py").write_text("x = 1\n")
    (tmp_path / "pkg/__pycache__/a.pyc").write_text("compiled")
    first = archive(tmp_path, "python")
    os.utime(tmp_path / "pkg/a.py", (time.time() + 60,) * 2)
    assert archive(tmp_path, "python") == first
    assert zipfile.ZipFile(BytesIO(first)).namelist() == ["python/pkg/a.py"]
    (tmp_path / "pkg/a.py").write_text("x = 2\n")
    assert archive(tmp_path, "python") != first


def test_an_empty_layer_is_still_a_zip_with_a_file(tmp_path: Path) -> None:
    assert zipfile.ZipFile(BytesIO(archive(tmp_path))).namelist() == ["empty"]


def test_templates_are_read_with_their_short_tags_and_dates_as_text(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(
        "Version: 2010-09-09\nA: !GetAtt B.C.D\nE: !Ref F\nG: !Sub ['${x}', {x: !Ref Y}]\nH: !Not [!Condition I]\n"
    )
    assert load(file) == {
        "Version": "2010-09-09",
        "A": {"Fn::GetAtt": ["B", "C.D"]},
        "E": {"Ref": "F"},
        "G": {"Fn::Sub": ["${x}", {"x": {"Ref": "Y"}}]},
        "H": {"Fn::Not": [{"Condition": "I"}]},
    }


def test_nothing_of_the_developers_shell_reaches_the_functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("SECRET_OF_THE_SHELL", "1")
    ports = Ports(aws=1, admin=2, public=3, mailbox=4)
    seen = environment(Home(tmp_path), ports, Launch(Options(), {"AUTH": "true"}))
    assert not {"AWS_PROFILE", "SECRET_OF_THE_SHELL"} & seen.keys()
    assert (seen["BIND_HOST"], seen["AUTH"], seen["HOME"]) == ("127.0.0.1", "true", str(tmp_path))


def test_a_json_file_is_whole_or_not_there(tmp_path: Path) -> None:
    file = tmp_path / "a/b.json"
    assert read_json(file) == {}
    write_json(file, {"ñ": 1})
    assert read_json(file) == {"ñ": 1}
    file.write_text("{half")
    assert read_json(file) == {}
