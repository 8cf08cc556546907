"""Runs one workload of KohakuVault a repetition at a time, whenever a line "round" comes, and answers with its seconds."""
import argparse
import gc
import sys
import tempfile
import time

import peer_kohaku
from datagen import scaled
from harness import Bench, remove


class InTurn(Bench):
    """A bench that measures nothing by itself: the one workload wanted waits for its turns, and ends the process with its input."""

    def __init__(self, variant, *args):
        super().__init__(*args)
        self.variant = variant

    def write(self, workload, n, unit, run, open_=None, close=None, variant="", note="", keep=False, prepare=None):
        if not self.wanted(workload) or variant != self.variant:
            return None
        path = self.path("turn")

        def once():
            remove(path)
            if prepare:
                prepare(path)
            handle = open_(path) if open_ else None
            gc.collect()
            start = time.perf_counter()
            run(path, handle)
            took = time.perf_counter() - start
            if close:
                close(handle)
            return took
        self.serve(once)

    def read(self, workload, n, unit, run, open_, close=None, variant="", note="", path=None, warm=True):
        if not self.wanted(workload) or variant != self.variant:
            return
        handle = open_()

        def once():
            gc.collect()
            start = time.perf_counter()
            run(handle)
            return time.perf_counter() - start
        self.serve(once)

    def serve(self, once):
        print("ready", flush=True)
        for _ in sys.stdin:
            print(repr(once()), flush=True)
        sys.exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workload", required=True)
    parser.add_argument("--variant", default="")
    parser.add_argument("--scale", type=float, required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="turn-") as folder:
        name, version = peer_kohaku.identify("kohakuvault")
        peer_kohaku.run(InTurn(args.variant, name, version, folder, scaled(args.scale), 0, 0, [args.workload]))
    sys.exit("there is no workload %s %s" % (args.workload, args.variant))


if __name__ == "__main__":
    main()
