# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, Save, command_line
from vlc_runtime.kernels import scalar, vox1


def build(
    *,
    threshold: float = 5.0,
) -> Plan:
    # load image = "images/a.nii.gz"
    image = vox1.load("images/a.nii.gz")

    # let img = intensity(image)
    img = vox1.intensity(image)

    # let high = img >. threshold
    high = vox1.gt_sv(threshold, img)

    # print "swallowed" volume(N(img >. 9) & (img >. 10))
    print_swallowed_gt_sv = vox1.gt_sv(9.0, img)
    print_swallowed_gt_sv_2 = vox1.gt_sv(10.0, img)
    print_swallowed_n = vox1.near(print_swallowed_gt_sv_2)
    print_swallowed_volume = vox1.volume(print_swallowed_n)

    # print "bracketed" max(img ~[1, 4] img)
    print_bracketed_min = vox1.minimum(img)
    print_bracketed_max = vox1.maximum(img)
    print_bracketed_tt = vox1.tt(image)
    print_bracketed_cross_correlation = vox1.crossCorrelation(
        1.0, img, img, print_bracketed_tt, print_bracketed_min, print_bracketed_max, 4.0
    )
    print_bracketed_max_2 = vox1.maximum(print_bracketed_cross_correlation)

    # print "boundary" volume(B+(high))
    print_boundary_near = vox1.near(high)
    print_boundary_not = vox1.logical_not(high)
    print_boundary_and = vox1.logical_and(print_boundary_near, print_boundary_not)
    print_boundary_volume = vox1.volume(print_boundary_and)

    # print "smooth" volume(smoothen(high, 1)) .-. volume(high)
    print_smooth_distgeq = vox1.depth_geq(1.0, high)
    print_smooth_smoothen = vox1.distance_leq(1.0, print_smooth_distgeq)
    print_smooth_volume = vox1.volume(print_smooth_smoothen)
    print_smooth_volume_2 = vox1.volume(high)
    print_smooth_subtract = scalar.subtract(print_smooth_volume, print_smooth_volume_2)

    # save "output/high.nii.gz" high & !(img >. 9)
    save_high_not = vox1.logical_not(print_swallowed_gt_sv)
    save_high_and = vox1.logical_and(high, save_high_not)

    return Plan(
        Print("right", 6.0),
        Print("declared", 33.0),
        Print("prefix", 9.0),
        Print("swallowed", print_swallowed_volume),
        Print("bracketed", print_bracketed_max_2),
        Print("boundary", print_boundary_volume),
        Print("by zero", float("inf")),
        Print("path", "C:\\new"),
        Print("smooth", print_smooth_subtract),
        Save("output/high.nii.gz", save_high_and),
    )


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
