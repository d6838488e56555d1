"""`python -m bot try`: the real bot on a simulated Discord, in a browser on the same machine."""

from bot.trial.page import run_trial

__all__ = ["run_trial"]
