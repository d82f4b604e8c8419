"""HTTP, git and the clients of services: the only folder that opens a connection.

>>> from ingest.transport.addresses import is_loopback, without_query
>>> without_query("https://ci.example.org/runs?token=secret")
'https://ci.example.org/runs'
>>> is_loopback("http://127.0.0.1:9090")
True
"""
