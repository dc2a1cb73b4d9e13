# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line, loop
from vlc_runtime.kernels import default, vox1


def build(
    *,
    radius: float = 2.0,
) -> Plan:
    # image = intensity(vox1.load("images/a.nii.gz"))
    image_load = vox1.load("images/a.nii.gz")
    image = vox1.intensity(image_load)

    # bright = image > 3
    bright = vox1.gt_sv(3.0, image)

    # smooth = smoothen(bright, radius)
    smooth_distgeq = vox1.depth_geq(radius, bright)
    smooth = vox1.distance_leq(radius, smooth_distgeq)

    # deep = dt(image > 1) <= -1
    deep_gt_sv = vox1.gt_sv(1.0, image)
    deep = vox1.signed_distance_leq(-1.0, deep_gt_sv)

    # print "smooth" volume(smooth)
    print_smooth_volume = vox1.volume(smooth)

    # print "deep" volume(deep)
    print_deep_volume = vox1.volume(deep)

    # print "around" volume(near(near(near(bright))))
    print_around_near = vox1.near_box(bright, 3)
    print_around_volume = vox1.volume(print_around_near)

    # print "core" volume(not(near(not(bright))))
    print_core_not = vox1.interior(bright)
    print_core_volume = vox1.volume(print_core_not)

    # print "top" volume(percentiles(image, bright, 0.5) >= 0.9)
    print_top_geq_sv = vox1.rank_geq(0.9, image, bright, 0.5)
    print_top_volume = vox1.volume(print_top_geq_sv)

    # print "wider and wider" for r in range(0, 4) do volume(distleq(r, bright))
    print_wider_and_wider_range = default.integer_range(0.0, 4.0)
    print_wider_and_wider_d = vox1.dt(bright)
    print_wider_and_wider_gt_sv = vox1.gt_sv(0.0, print_wider_and_wider_d)
    print_wider_and_wider_pdt = vox1.mask(
        print_wider_and_wider_d, print_wider_and_wider_gt_sv
    )
    print_wider_and_wider_loop = loop(
        each_print_wider_and_wider,
        over=print_wider_and_wider_range,
        print_wider_and_wider_pdt=print_wider_and_wider_pdt,
    )

    return Plan(
        Print("smooth", print_smooth_volume),
        Print("deep", print_deep_volume),
        Print("around", print_around_volume),
        Print("core", print_core_volume),
        Print("top", print_top_volume),
        Print("wider and wider", print_wider_and_wider_loop),
    )


def each_print_wider_and_wider(r, *, print_wider_and_wider_pdt):
    # print "wider and wider" for r in range(0, 4) do volume(distleq(r, bright))
    distleq = vox1.leq_sv(r, print_wider_and_wider_pdt)
    return vox1.volume(distleq)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
