"""The grammar of RASP as data: ``rasp.lark``. Holds no code and imports nothing."""
