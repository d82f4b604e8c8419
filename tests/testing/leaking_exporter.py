"""A process that leaks a known amount at every scrape and says so in OpenMetrics text. Run by test_source_prometheus.

Its clock is fast: each scrape stamps its sample STEP seconds after the one before, so that half an hour of history
is scraped in seconds. Usage: leaking_exporter.py START STEP BYTES_PER_STEP; prints its port.
"""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

START, STEP, LEAK = float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
BASE = 40_000_000
held: list[bytearray] = []


class Exporter(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        held.append(bytearray(LEAK))
        leaked = sum(len(block) for block in held)
        garbage = (len(held) % 5) * 60_000  # what a collector has not taken yet
        stamp = int(1000 * (START + STEP * len(held)))
        text = (
            "# TYPE process_resident_memory_bytes gauge\n"
            f"process_resident_memory_bytes {BASE + leaked + garbage} {stamp}\n"
            "# TYPE idle_bytes gauge\n"
            f"idle_bytes {BASE + garbage} {stamp}\n"
            "# TYPE queue_seconds gauge\n"
            f'queue_seconds{{worker="a"}} 0.25 {stamp}\n'
            f'queue_seconds{{worker="b"}} 0.75 {stamp}\n'
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


server = HTTPServer(("127.0.0.1", 0), Exporter)
print(server.server_address[1], flush=True)
server.serve_forever()
