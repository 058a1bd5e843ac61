"""Entry of the child process. Only the guarded part acts: processes that the engine spawns import this file again."""

import sys


def main():
    # type: () -> int
    if sys.version_info < (3, 9):  # also read by older interpreters: no newer syntax in this file
        sys.stderr.write(
            "The bridge to vLLM needs Python 3.9 or newer, this is %d.%d (%s).\n"
            % (sys.version_info[0], sys.version_info[1], sys.executable)
        )
        return 3
    keeps_bytecode = not sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # nothing is written into an installed package
    from goodput_vllm.session import run

    sys.dont_write_bytecode = not keeps_bytecode  # vLLM takes many seconds to compile
    return run(3)


if __name__ == "__main__":
    sys.exit(main())
