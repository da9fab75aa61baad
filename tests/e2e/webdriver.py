"""A browser for tests: headless Chromium by W3C WebDriver (w3.org/TR/webdriver2), which is JSON over HTTP."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

PATIENCE = 60  # seconds; the machine may be busy
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key that marks a reference to an element
CONTROL, ENTER, TAB, RIGHT = "\ue009", "\ue007", "\ue004", "\ue014"


def missing_browser() -> str | None:
    """Why there is no browser to test with; None where there is one."""
    missing = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return f"needs {' and '.join(missing)} (Debian: apt-get install chromium chromium-driver)" if missing else None


class Browser:
    """One session. Elements are named by CSS selectors, the first that matches."""

    def __init__(self, driver: str, directory: Path, *, records_requests: bool = False) -> None:
        self._driver, self._session = driver, ""
        arguments = [
            "--headless=new",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--no-first-run",
        ]
        arguments.append(f"--user-data-dir={directory}")
        if os.name == "posix" and os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium has no sandbox for root
        options = {"binary": shutil.which("chromium"), "args": arguments}
        logs = {"browser": "ALL", "performance": "ALL" if records_requests else "OFF"}
        capabilities = {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": logs}}
        answer = self._call("POST", "/session", {"capabilities": capabilities})
        self._session = f"/session/{answer['sessionId']}"

    @classmethod
    @contextmanager
    def started(cls, directory: Path, *, records_requests: bool = False) -> Iterator[Self]:
        """A browser with a profile in `directory`, and its driver on a free port; both are ended."""
        log = directory / "chromedriver.log"
        command = ["chromedriver", "--port=0", f"--log-path={log}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            try:
                line = next(line for line in process.stdout if "started successfully" in line)
                browser = cls(
                    f"http://127.0.0.1:{int(line.rstrip('.' + chr(10)).split()[-1])}",
                    directory / "profile",
                    records_requests=records_requests,
                )
                try:
                    yield browser
                finally:
                    browser._call("DELETE", "")
            finally:
                process.terminate()

    def open(self, address: str) -> None:
        self._call("POST", "/url", {"url": address})

    def resize(self, width: int, height: int) -> None:
        """The size of the page itself, which a phone's may be; a window of Chromium has at least 500 pixels."""
        values = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.devtools("Emulation.setDeviceMetricsOverride", values)

    def prefer(self, scheme: str) -> None:
        self.devtools("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def devtools(self, command: str, values: dict[str, Any]) -> Any:
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": values})

    def run(self, script: str, *arguments: Any) -> Any:
        """What a function body returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def text(self, selector: str) -> str:
        return self.run("return document.querySelector(arguments[0]).textContent", selector)

    def click(self, selector: str) -> None:
        self._call("POST", f"/element/{self._element(selector)}/click", {})

    def type(self, selector: str, keys: str) -> None:
        self._call("POST", f"/element/{self._element(selector)}/value", {"text": keys})

    def press(self, *keys: str) -> None:
        """Keys for what has the focus: all are held down, then let go."""
        actions = [{"type": "keyDown", "value": key} for key in keys] + [
            {"type": "keyUp", "value": key} for key in reversed(keys)
        ]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def until(self, script: str, *arguments: Any) -> Any:
        """Wait until a function body returns something that is true."""
        deadline = time.monotonic() + PATIENCE
        while not (value := self.run(script, *arguments)):
            assert time.monotonic() < deadline, f"not so within {PATIENCE} s: {script}"
            time.sleep(0.02)
        return value

    def complaints(self) -> list[str]:
        """What the console was told since the last call: errors of scripts, refusals of the page's policy, failed requests."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"}) if entry["level"] != "INFO"]

    def requests(self) -> list[str]:
        """Addresses that pages asked for since the last call, of a browser that was started with `records_requests`."""
        events = [json.loads(entry["message"])["message"] for entry in self._call("POST", "/se/log", {"type": "performance"})]
        return [each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent"]

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """Of the whole page or of what is seen of it."""
        answer = self.devtools("Page.captureScreenshot", {"captureBeyondViewport": whole})
        path.write_bytes(base64.b64decode(answer["data"]))

    def _element(self, selector: str) -> str:
        return self._call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._driver}{self._session}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.loads(error.read())["value"]["message"]) from error
