"""Sources from elsewhere, through real workers: one imported, one copied for the job that names it."""

from pathlib import Path

from scripts.client import Client
from scripts.demo.film import check_film
from scripts.live import running_platform
from tests.web_site import web_site


def test_an_import_and_a_foreign_source_become_a_film(
    own_settings: dict[str, str], flash_clip: Path, tmp_path: Path
) -> None:
    settings = {**own_settings, "FRAMELANE_NET_ALLOW": "127.0.0.0/8"}
    with web_site() as site, running_platform(tmp_path / "platform", settings) as platform:
        foreign = site.put("/clip.mp4", flash_clip.read_bytes())
        key = platform.create_workspace("Copies", "carol@example.com")
        with Client(platform.url, key) as client:
            imported = client.call("POST", "/v1/imports", json={"url": f"{foreign}?again=1"})
            scene = {
                "width": 320,
                "height": 180,
                "duration": 4,
                "frame_rate": 30,
                "elements": [
                    {"type": "video", "source_url": imported["source_url"], "time": 0, "out_point": 2},
                    {"type": "video", "source_url": foreign, "time": 2, "out_point": 2},
                ],
            }
            job = client.submit(scene)
            assert job["status"] == "ingesting"
            done = client.wait(job["id"], lambda seen: None)
            assert done["status"] == "completed", done["error"]
            check_film(client.download(job["id"], tmp_path / "film.mp4"), scene)
            ready = client.call("GET", f"/v1/imports/{imported['id']}")
            copies = client.call("GET", "/v1/workspace/assets")["data"]
    assert (ready["status"], [asset["id"] for asset in copies]) == ("ready", [ready["asset_id"]])
    assert sorted(site.asked) == ["/clip.mp4", "/clip.mp4?again=1"]
