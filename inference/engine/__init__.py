"""Requests, threads and text: who is served when, and what people are given."""
