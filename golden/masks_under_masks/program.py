# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, Save, command_line, fused
from vlc_runtime.kernels import simpleitk, vox1


def build() -> Plan:
    # image = intensity(ReadImage("images/a.nii.gz"))
    image_read_image = simpleitk.ReadImage("images/a.nii.gz")
    image = vox1.intensity(image_read_image)

    # region = near(image > 3)
    region_gt_sv = vox1.gt_sv(3.0, image)
    region = vox1.near(region_gt_sv)

    # inverse = mask(10 / (scaled + 1), region)
    inverse = fused(voxelwise_inverse, image, region)

    # print "greatest" max(inverse)
    print_greatest_max = vox1.maximum(inverse)

    # print "dark" volume(and(region, not(and(image > 4, region))))
    print_dark_gt_sv = vox1.gt_sv(4.0, image)
    print_dark_logical_not = vox1.logical_not(print_dark_gt_sv)
    print_dark_and = vox1.logical_and(region, print_dark_logical_not)
    print_dark_volume = vox1.volume(print_dark_and)

    return Plan(
        Print("greatest", print_greatest_max),
        Print("dark", print_dark_volume),
        Save("output/inverse.nii.gz", inverse),
    )


def voxelwise_inverse(image, region):
    # shifted = mask(image - 2, region)
    sub_vs = vox1.sub_vs(image, 2.0)

    # scaled = mask(shifted * 1.5, region)
    mul_vs = vox1.mul_vs(sub_vs, 1.5)

    # inverse = mask(10 / (scaled + 1), region)
    add_vs = vox1.add_vs(mul_vs, 1.0)
    div_sv = vox1.div_sv(10.0, add_vs)
    return vox1.mask(div_sv, region)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
