"""A file for each thing that people can ask."""

from typing import TYPE_CHECKING

from discord import app_commands

from bot.commands import compare, describe, menus, moderators, ocr, owner, privacy, table

if TYPE_CHECKING:
    from bot.client import VisionBot


def add_to(tree: "app_commands.CommandTree[VisionBot]") -> None:
    """Add every command to the tree."""
    tree.add_command(describe.describe)
    tree.add_command(ocr.ocr)
    tree.add_command(table.table)
    tree.add_command(compare.compare)
    tree.add_command(menus.describe_picture)
    tree.add_command(menus.read_text)
    tree.add_command(moderators.moderators)
    tree.add_command(privacy.privacy)
    tree.add_command(privacy.forget_me)
    tree.add_command(owner.pause)
    tree.add_command(owner.resume)
    tree.add_command(owner.status)
