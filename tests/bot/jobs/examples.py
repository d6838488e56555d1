"""Jobs for tests."""

from bot.jobs.job import Job


def job(number: int, person: int = 1, server: int | None = 9) -> Job:
    """A job of this id, asked by this person."""
    return Job(
        id=number,
        task="describe",
        question="What is this?",
        locale="en-US",
        asker_id=person,
        guild_id=server,
        channel_id=77,
        links=("https://cdn.discordapp.com/attachments/1/2/a.png",),
        token="token",
    )
