# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line
from vlc_runtime.kernels import simpleitk


def build() -> Plan:
    # image = ReadImage("images/v.nii.gz")
    image = simpleitk.ReadImage("images/v.nii.gz")

    # eroded = BinaryDilate(Cast(image, "sitkUInt8"), [1, 1, 1], "sitkBox", 0, 1)
    eroded_cast = simpleitk.Cast(image, "sitkUInt8")
    eroded_items = [1.0, 1.0, 1.0]
    eroded = simpleitk.BinaryDilate(eroded_cast, eroded_items, "sitkBox", 0.0, 1.0)

    # print "range" MinimumMaximum(image)
    print_range_minimum_maximum = simpleitk.MinimumMaximum(image)

    # print "dilated" Statistics(eroded)
    print_dilated_statistics = simpleitk.Statistics(eroded)

    # print "part" Extract(image, [2, 2, 0], [0, 0, 1])
    print_part_items = [2.0, 2.0, 0.0]
    print_part_items_2 = [0.0, 0.0, 1.0]
    print_part_extract = simpleitk.Extract(image, print_part_items, print_part_items_2)

    return Plan(
        Print("image", image),
        Print("range", print_range_minimum_maximum),
        Print("dilated", print_dilated_statistics),
        Print("part", print_part_extract),
    )


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
