"""The system's Chromium, for the browser tests and the screenshots."""

from tools.packages import ensure

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]


def path() -> str:
    return ensure("chromium", "chromium", "fonts-noto-core")


if __name__ == "__main__":
    print(f"Chromium: {path()}")
