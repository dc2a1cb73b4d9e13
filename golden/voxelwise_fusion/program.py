# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, Save, command_line, fused, loop
from vlc_runtime.kernels import scalar, simpleitk, vox1


def build(
    *,
    limit: float = 2.5,
) -> Plan:
    # image = intensity(ReadImage("images/a.nii.gz"))
    image_read_image = simpleitk.ReadImage("images/a.nii.gz")
    image = vox1.intensity(image_read_image)

    # other = dt(image > 3)
    other_gt_sv = vox1.gt_sv(3.0, image)
    other = vox1.dt(other_gt_sv)

    # steep = abs(ratio) > 0.2
    steep = fused(voxelwise_steep, image, other)

    # print "steep" volume(inside(steep))
    print_steep_gt_sv = vox1.gt_sv(limit, image)
    print_steep_between = vox1.between(1.0, 2.0, other)
    print_steep_not = vox1.logical_not(print_steep_between)
    print_steep_and = vox1.logical_and(print_steep_gt_sv, print_steep_not)
    print_steep_inside = vox1.logical_and(steep, print_steep_and)
    print_steep_volume = vox1.volume(print_steep_inside)

    # print "flat" volume(inside(not(steep)))
    print_flat_not = vox1.logical_not(steep)
    print_flat_inside = vox1.logical_and(print_flat_not, print_steep_and)
    print_flat_volume = vox1.volume(print_flat_inside)

    # print "mean" avg(mask(image * 2, other < 3) - 1, image > 1)
    print_mean_avg = fused(voxelwise_print_mean, image, other)

    # print "weighted" for w in [0.25, 0.5, 0.75] do max((image * w) + (other * (1 - w)))
    print_weighted_items = [0.25, 0.5, 0.75]
    print_weighted_loop = loop(
        each_print_weighted, over=print_weighted_items, image=image, other=other
    )

    # save "output/flat.nii.gz" mask(image, inside(not(steep)))
    save_flat_mask = vox1.mask(image, print_flat_inside)

    return Plan(
        Print("steep", print_steep_volume),
        Print("flat", print_flat_volume),
        Print("mean", print_mean_avg),
        Print("weighted", print_weighted_loop),
        Save("output/flat.nii.gz", save_flat_mask),
    )


def voxelwise_steep(image, other):
    # ratio = (image - other) / (image + other)
    subtract = vox1.subtract(image, other)
    add = vox1.add(image, other)
    ratio = vox1.divide(subtract, add)

    # steep = abs(ratio) > 0.2
    abs_ = vox1.absolute(ratio)
    return vox1.gt_sv(0.2, abs_)


def voxelwise_print_mean(image, other):
    # print "mean" avg(mask(image * 2, other < 3) - 1, image > 1)
    mul_vs = vox1.mul_vs(image, 2.0)
    lt_sv = vox1.lt_sv(3.0, other)
    mask = vox1.mask(mul_vs, lt_sv)
    sub_vs = vox1.sub_vs(mask, 1.0)
    gt_sv = vox1.gt_sv(1.0, image)
    return vox1.avg(sub_vs, gt_sv)


def each_print_weighted(w, *, image, other):
    # print "weighted" for w in [0.25, 0.5, 0.75] do max((image * w) + (other * (1 - w)))
    subtract = scalar.subtract(1.0, w)
    return fused(voxelwise_print_weighted, image, w, other, subtract)


def voxelwise_print_weighted(image, w, other, subtract):
    # print "weighted" for w in [0.25, 0.5, 0.75] do max((image * w) + (other * (1 - w)))
    mul_vs = vox1.mul_vs(image, w)
    mul_vs_2 = vox1.mul_vs(other, subtract)
    add = vox1.add(mul_vs, mul_vs_2)
    return vox1.maximum(add)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
