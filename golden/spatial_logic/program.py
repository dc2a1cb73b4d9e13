# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line
from vlc_runtime.kernels import simpleitk, vox1


def build() -> Plan:
    # image = ReadImage("images/m.nii.gz")
    image = simpleitk.ReadImage("images/m.nii.gz")

    # region = image > 0
    region = vox1.gt_sv(0.0, image)

    # inside = region & !through(border, region)
    inside_border = vox1.border(image)
    inside_through = vox1.through(inside_border, region)
    inside_logical_not = vox1.logical_not(inside_through)
    inside = vox1.logical_and(region, inside_logical_not)

    # print "on the border" volume(border)
    print_on_the_border_volume = vox1.volume(inside_border)

    # print "inside" volume(inside)
    print_inside_volume = vox1.volume(inside)

    # print "components" max(lcc(region))
    print_components_lcc = vox1.lcc(region)
    print_components_max = vox1.maximum(print_components_lcc)

    # print "everywhere" volume(tt)
    print_everywhere_tt = vox1.tt(image)
    print_everywhere_volume = vox1.volume(print_everywhere_tt)

    return Plan(
        Print("on the border", print_on_the_border_volume),
        Print("inside", print_inside_volume),
        Print("components", print_components_max),
        Print("everywhere", print_everywhere_volume),
        Print("mask", inside),
    )


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
