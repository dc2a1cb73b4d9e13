# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line, loop
from vlc_runtime.kernels import default, scalar


def build() -> Plan:
    # table = for i in range(0, 3) do for j in range(0, i) do i * 10 + j
    table_range = default.integer_range(0.0, 3.0)
    table = loop(each_table, over=table_range)

    # shadow = for i in range(2) do for i in range(3) do i * 100
    shadow_range = default.integer_range(2.0)
    shadow_range_2 = default.integer_range(3.0)
    shadow_loop = loop(each_shadow, over=shadow_range_2)
    shadow = loop(each_shadow_2, over=shadow_range, shadow_loop=shadow_loop)

    # by_function = for n in range(4) do rows(n)
    by_function_range = default.integer_range(4.0)
    by_function = loop(each_by_function, over=by_function_range)

    return Plan(
        Print("table", table),
        Print("shadow", shadow),
        Print("by function", by_function),
    )


def each_table(i):
    # table = for i in range(0, 3) do for j in range(0, i) do i * 10 + j
    range_ = default.integer_range(0.0, i)
    multiply = scalar.multiply(i, 10.0)
    return loop(each_table_2, over=range_, multiply=multiply)


def each_shadow(i):
    # shadow = for i in range(2) do for i in range(3) do i * 100
    return scalar.multiply(i, 100.0)


def each_shadow_2(i, *, shadow_loop):
    # shadow = for i in range(2) do for i in range(3) do i * 100
    return shadow_loop


def each_by_function(n):
    # by_function = for n in range(4) do rows(n)
    range_ = default.integer_range(n)
    return loop(each_by_function_2, over=range_, n=n)


def each_table_2(j, *, multiply):
    # table = for i in range(0, 3) do for j in range(0, i) do i * 10 + j
    return scalar.add(multiply, j)


def each_by_function_2(k, *, n):
    # by_function = for n in range(4) do rows(n)
    return scalar.multiply(k, n)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
