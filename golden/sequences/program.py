# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line, loop
from vlc_runtime.kernels import default, scalar


def build() -> Plan:
    # pair = [3, 4]
    pair = [3.0, 4.0]

    # numbers = range(10)
    numbers = default.integer_range(10.0)

    # print "item" numbers[3]
    print_item_index = default.index(numbers, 3.0)

    # print "part" numbers[2:5]
    print_part_slice_between = default.slice_between(numbers, 2.0, 5.0)

    # print "rest" numbers[7:]
    print_rest_slice_from = default.slice_from(numbers, 7.0)

    # print "sum" pair + [10, 20]
    print_sum_items = [10.0, 20.0]
    print_sum_pairs = default.pairs(pair, print_sum_items)
    print_sum_loop = loop(each_print_sum, over=print_sum_pairs)

    # print "scaled" pair * 2
    print_scaled_loop = loop(each_print_scaled, over=pair)

    # print "mask" numbers[:4] >= 2
    print_mask_slice_between = default.slice_between(numbers, 0.0, 4.0)
    print_mask_loop = loop(each_print_mask, over=print_mask_slice_between)

    # print "lengths" [[1, 2], [3]]
    print_lengths_items = [1.0, 2.0]
    print_lengths_items_2 = [3.0]
    print_lengths_items_3 = [print_lengths_items, print_lengths_items_2]

    return Plan(
        Print("item", print_item_index),
        Print("part", print_part_slice_between),
        Print("rest", print_rest_slice_from),
        Print("sum", print_sum_loop),
        Print("scaled", print_scaled_loop),
        Print("mask", print_mask_loop),
        Print("lengths", print_lengths_items_3),
    )


def each_print_sum(item):
    # print "sum" pair + [10, 20]
    index = default.index(item, 0.0)
    index_2 = default.index(item, 1.0)
    return scalar.add(index, index_2)


def each_print_scaled(item):
    # print "scaled" pair * 2
    return scalar.multiply(item, 2.0)


def each_print_mask(item):
    # print "mask" numbers[:4] >= 2
    return scalar.greater_equal(item, 2.0)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
