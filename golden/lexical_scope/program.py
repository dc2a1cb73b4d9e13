# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line
from vlc_runtime.kernels import scalar


def build(
    *,
    offset: float = 1.0,
    offset_2: float = 2.0,
) -> Plan:
    # print "f" f(10)
    print_f_f = scalar.add(10.0, offset)

    # print "g" g(10)
    print_g_g = scalar.add(10.0, offset_2)

    # print "let" let y = f(1) in let y = y * y in y + offset
    print_let_y = scalar.add(1.0, offset)
    print_let_y_2 = scalar.multiply(print_let_y, print_let_y)
    print_let_add = scalar.add(print_let_y_2, offset_2)

    return Plan(
        Print("f", print_f_f),
        Print("g", print_g_g),
        Print("let", print_let_add),
    )


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
