"""`python -m hub.cli` is `yuhub`."""

from hub.cli.main import main

if __name__ == "__main__":
    main()
