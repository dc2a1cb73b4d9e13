# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line, loop
from vlc_runtime.kernels import default, scalar, simpleitk, vox1


def build() -> Plan:
    # image = intensity(ReadImage("images/a.nii.gz"))
    image_read_image = simpleitk.ReadImage("images/a.nii.gz")
    image = vox1.intensity(image_read_image)

    # print "bright" bright(image)
    print_bright_gt_sv = vox1.gt_sv(5.0, image)
    print_bright_near = vox1.near(print_bright_gt_sv)
    print_bright_bright = vox1.volume(print_bright_near)

    # print "in a loop" for i in range(2) do bright(image) + i
    print_in_a_loop_range = default.integer_range(2.0)
    print_in_a_loop_loop = loop(
        each_print_in_a_loop,
        over=print_in_a_loop_range,
        print_bright_bright=print_bright_bright,
    )

    return Plan(
        Print("bright", print_bright_bright),
        Print("again", print_bright_bright),
        Print("in a loop", print_in_a_loop_loop),
    )


def each_print_in_a_loop(i, *, print_bright_bright):
    # print "in a loop" for i in range(2) do bright(image) + i
    return scalar.add(print_bright_bright, i)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
