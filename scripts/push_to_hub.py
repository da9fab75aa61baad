"""Push a release, the form for transformers or the corpus to the Hugging Face Hub. Without --push, list the files only.

    python scripts/push_to_hub.py release
    python scripts/push_to_hub.py transformers --directory outputs/huggingface
    python scripts/push_to_hub.py corpus --repo OWNER/NAME --push

--push needs a token with write access (HF_TOKEN, or `hf auth login`) and a checkout without local changes. If the repository does
not exist, it is created as private. Files that are in the repository but not in the list stay there.
"""

import argparse
from pathlib import Path

import huggingface_hub
from huggingface_hub import HfApi

from src.data.sources import CORPUS
from src.errors import ConfigError, run_main
from src.huggingface.publish import MAKERS, plan, push
from src.run import git_state
from src.runtime.artifact import RELEASE

DIRECTORIES = {"release": RELEASE, "transformers": Path("outputs/huggingface"), "corpus": CORPUS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=MAKERS)
    parser.add_argument("--directory", type=Path, help="default: release/, outputs/huggingface/ or corpus/")
    parser.add_argument("--repo", metavar="OWNER/NAME", help="repository on the Hub; required with --push")
    parser.add_argument("--push", action="store_true", help="send the files")
    args = parser.parse_args()
    planned = plan(args.what, args.directory or DIRECTORIES[args.what])
    for name, size in planned.sizes.items():
        print(f"{size / 1e6:10.3f} MB  {name}")
    print(f"{sum(planned.sizes.values()) / 1e6:10.3f} MB  {len(planned.sizes)} files, a {planned.repo_type} repository")
    print("\n".join(planned.card))
    if not args.push:
        state = "" if git_state()["dirty"] is False else "; --push refuses a checkout with local changes, and this one has some"
        print(f"nothing was sent: add --repo OWNER/NAME --push{state}")
        return
    if not args.repo:
        raise ConfigError("--push: expected --repo OWNER/NAME")
    token = huggingface_hub.get_token()
    if token is None:
        raise ConfigError(
            "--push: expected a token that may write in HF_TOKEN, found none (https://huggingface.co/settings/tokens)"
        )
    print(f"sent: {push(planned, args.repo, HfApi(token=token), git_state())}")


if __name__ == "__main__":
    run_main(main)
