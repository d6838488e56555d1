"""What people can ask about pictures, how it is put to a model, and what its answer then is."""

from inference.tasks.languages import language_for, languages_of
from inference.tasks.reading import Form, Note, Reading
from inference.tasks.tables import fence_tables
from inference.tasks.task import TASKS, Task
from inference.tasks.wordings import Detail

__all__ = [
    "TASKS",
    "Detail",
    "Form",
    "Note",
    "Reading",
    "Task",
    "fence_tables",
    "language_for",
    "languages_of",
]
