# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, Save, command_line, fused
from vlc_runtime.kernels import scalar, vox1


def build() -> Plan:
    # load picture = "images/c.png"
    picture = vox1.load("images/c.png")

    # let r = red(picture)
    r = vox1.red(picture)

    # let warm = r >. 100
    warm = vox1.gt_sv(100.0, r)

    # let swapped = rgb(blue(picture), green(picture), r)
    swapped_blue = vox1.blue(picture)
    swapped_green = vox1.green(picture)
    swapped = vox1.rgb(swapped_blue, swapped_green, r)

    # print "intensity" max(intensity(picture))
    print_intensity_intensity = vox1.intensity(picture)
    print_intensity_max = vox1.maximum(print_intensity_intensity)

    # print "alpha" min(alpha(picture))
    print_alpha_alpha = vox1.alpha(picture)
    print_alpha_min = vox1.minimum(print_alpha_alpha)

    # print "warm" volume(warm)
    print_warm_volume = vox1.volume(warm)

    # print "swapped" max(red(swapped)) .-. max(r)
    print_swapped_red = vox1.red(swapped)
    print_swapped_max = vox1.maximum(print_swapped_red)
    print_swapped_max_2 = vox1.maximum(r)
    print_swapped_subtract = scalar.subtract(print_swapped_max, print_swapped_max_2)

    # save "output/painted.png" overlayColor(warm, picture, 1, 2, 3)
    save_painted_constant = vox1.constant(1.0, picture)
    save_painted_not = vox1.logical_not(warm)
    save_painted_overlay_b = fused(
        voxelwise_save_painted, save_painted_constant, warm, r, save_painted_not
    )
    save_painted_constant_2 = vox1.constant(2.0, picture)
    save_painted_overlay_b_2 = fused(
        voxelwise_save_painted_2,
        save_painted_constant_2,
        warm,
        swapped_green,
        save_painted_not,
    )
    save_painted_constant_3 = vox1.constant(3.0, picture)
    save_painted_overlay_b_3 = fused(
        voxelwise_save_painted_3,
        save_painted_constant_3,
        warm,
        swapped_blue,
        save_painted_not,
    )
    save_painted_overlay_color = vox1.rgb(
        save_painted_overlay_b, save_painted_overlay_b_2, save_painted_overlay_b_3
    )

    # save "output/transparent.png" rgba(r, green(picture), blue(picture), constant(7))
    save_transparent_constant = vox1.constant(7.0, picture)
    save_transparent_rgba = vox1.rgba(
        r, swapped_green, swapped_blue, save_transparent_constant
    )

    return Plan(
        Print("intensity", print_intensity_max),
        Print("alpha", print_alpha_min),
        Print("warm", print_warm_volume),
        Print("swapped", print_swapped_subtract),
        Save("output/warm.png", warm),
        Save("output/painted.png", save_painted_overlay_color),
        Save("output/transparent.png", save_transparent_rgba),
    )


def voxelwise_save_painted(save_painted_constant, warm, r, save_painted_not):
    # save "output/painted.png" overlayColor(warm, picture, 1, 2, 3)
    mask = vox1.mask(save_painted_constant, warm)
    mask_2 = vox1.mask(r, save_painted_not)
    return vox1.add(mask, mask_2)


def voxelwise_save_painted_2(
    save_painted_constant_2, warm, swapped_green, save_painted_not
):
    # save "output/painted.png" overlayColor(warm, picture, 1, 2, 3)
    mask = vox1.mask(save_painted_constant_2, warm)
    mask_2 = vox1.mask(swapped_green, save_painted_not)
    return vox1.add(mask, mask_2)


def voxelwise_save_painted_3(
    save_painted_constant_3, warm, swapped_blue, save_painted_not
):
    # save "output/painted.png" overlayColor(warm, picture, 1, 2, 3)
    mask = vox1.mask(save_painted_constant_3, warm)
    mask_2 = vox1.mask(swapped_blue, save_painted_not)
    return vox1.add(mask, mask_2)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
