"""Finds what in an OpenAPI 3.1 document breaks programs that were written against an earlier one.

Two directions are told apart. What clients send may only be accepted more widely; of what they read nothing may go away
or change its type. New fields and new values in answers break nobody: clients are told to expect them.
"""
