"""The demo, a whole migration of the samples from nothing, and the served stand-in."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable
from pathlib import Path

from importer import pipeline
from importer.config import Configuration, Settings
from importer.preparing import Request
from importer.report.progress import Progress
from importer.runs.beginning import How
from importer.runs.ending import Result
from importer.runs.session import Watching
from importer.sandbox.app import SandboxSettings, create_app
from importer.sandbox.serving import serve
from importer.services import own_folder, sandbox
from importer.vocabulary.errors import ConfigError

_BESIDE_CODE = Path(__file__).with_name("sample_exports")
_IN_TREE = Path(__file__).parent.parent / "sample_exports"


def samples_folder() -> Path:
    """Where the sample exports lie: inside the installed package, or in the source tree."""
    folder = _BESIDE_CODE if _BESIDE_CODE.is_dir() else _IN_TREE
    if not folder.is_dir():
        raise ConfigError("The sample exports are not installed; run the demo from a checkout with make demo.")
    return folder


def run(report_folder: Path, progress: Progress) -> Result:
    """Import every sample into a stand-in that starts empty and is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="rateport-demo-") as home:
        configuration = Configuration(Settings(timezone="UTC"), {}, Path(home))
        request = Request(paths=[samples_folder()], report_folder=report_folder)
        how = How(confirm=lambda summary: True)
        return pipeline.run_import(request, configuration, sandbox(configuration), how, Watching(progress=progress))


def serve_sandbox(port: int, *, strict: bool, home: Path, tell: Callable[[str], None]) -> None:
    """Serve the stand-in on 127.0.0.1 until interrupted; its account stays in rateport's folder."""
    gc.enable()  # this runs for as long as the person likes
    folder = own_folder(home / "sandbox")
    app = create_app(SandboxSettings(database=folder / "served.sqlite", strict_catalogue=strict))
    server = serve(app, port)
    try:
        tell(f"The Simkl stand-in listens on http://127.0.0.1:{server.port}; stop it with Ctrl-C.")
        tell("Any client id and any token will do. Nothing leaves this machine.")
        tell(f"To try a sign-in, approve its code at http://127.0.0.1:{server.port}/pin.")
        server.wait()
    except KeyboardInterrupt:
        tell("The stand-in has stopped; its account is kept for the next time.")
    finally:
        server.stop()
