"""The history of the schema, one file a revision in ``versions``. It only goes forward: the way back is the backup."""
