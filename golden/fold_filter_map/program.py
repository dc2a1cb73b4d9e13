# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line, fold, keep, loop
from vlc_runtime.kernels import default, scalar


def build() -> Plan:
    # numbers = range(1, 6)
    numbers = default.integer_range(1.0, 6.0)

    # print "sum" fold + numbers
    print_sum_fold = fold(step_print_sum, over=numbers, start=0)

    # print "product" fold * numbers
    print_product_fold = fold(step_print_product, over=numbers, start=1)

    # print "from" fold + 100 numbers
    print_from_fold = fold(step_print_sum, over=numbers, start=100.0)

    # print "greatest" fold max numbers
    print_greatest_fold = fold(step_print_greatest, over=numbers)

    # print "all" fold && (for n in numbers do n < 10)
    print_all_loop = loop(each_print_all, over=numbers)
    print_all_fold = fold(step_print_all, over=print_all_loop, start=True)

    # print "kept" filter n in numbers do n > 2
    print_kept_filter = keep(where_print_kept, over=numbers)

    # print "halves" map(half, numbers)
    print_halves_loop = loop(each_print_halves, over=numbers)

    return Plan(
        Print("sum", print_sum_fold),
        Print("product", print_product_fold),
        Print("from", print_from_fold),
        Print("greatest", print_greatest_fold),
        Print("all", print_all_fold),
        Print("kept", print_kept_filter),
        Print("halves", print_halves_loop),
    )


def step_print_sum(total, item):
    # print "sum" fold + numbers
    return default.addition(total, item)


def step_print_product(total, item):
    # print "product" fold * numbers
    return default.multiplication(total, item)


def step_print_greatest(total, item):
    # print "greatest" fold max numbers
    return default.larger(total, item)


def each_print_all(n):
    # print "all" fold && (for n in numbers do n < 10)
    return scalar.less(n, 10.0)


def step_print_all(total, item):
    # print "all" fold && (for n in numbers do n < 10)
    return scalar.logical_and(total, item)


def where_print_kept(n):
    # print "kept" filter n in numbers do n > 2
    return scalar.greater(n, 2.0)


def each_print_halves(n):
    # print "halves" map(half, numbers)
    return scalar.divide(n, 2.0)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
