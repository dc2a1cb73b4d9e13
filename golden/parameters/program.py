# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line
from vlc_runtime.kernels import scalar


def build(
    *,
    threshold: float = 2.5,
    label: str = "kept",
    strict: bool = True,
) -> Plan:
    # print "scaled" twice(threshold) * scale
    print_scaled_twice = scalar.add(threshold, threshold)
    print_scaled_multiply = scalar.multiply(print_scaled_twice, 14.0)

    # print "strict" strict & (threshold < 3)
    print_strict_less = scalar.less(threshold, 3.0)
    print_strict_logical_and = scalar.logical_and(strict, print_strict_less)

    return Plan(
        Print("scaled", print_scaled_multiply),
        Print("label", label),
        Print("strict", print_strict_logical_and),
    )


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
