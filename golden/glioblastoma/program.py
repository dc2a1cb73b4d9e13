# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, Save, command_line
from vlc_runtime.kernels import scalar, vox1


def build() -> Plan:
    # load imgFLAIR = "images/flair.nii.gz"
    imgFLAIR = vox1.load("images/flair.nii.gz")

    # load imgTruth = "images/truth.nii.gz"
    imgTruth = vox1.load("images/truth.nii.gz")

    # let flair = intensity(imgFLAIR)
    flair = vox1.intensity(imgFLAIR)

    # let truth = intensity(imgTruth) >. 0
    truth_intensity = vox1.intensity(imgTruth)
    truth = vox1.gt_sv(0.0, truth_intensity)

    # let background = touch(flair <. 0.1, border)
    background_lt_sv = vox1.lt_sv(0.1, flair)
    background_near = vox1.near_border(1, imgFLAIR)
    background = vox1.through(background_near, background_lt_sv)

    # let brain = !background
    brain = vox1.logical_not(background)

    # let pflair = percentiles(flair, brain, 0.5)
    pflair_rank_histogram = vox1.rank_histogram(flair, brain)

    # let hyperIntense = flt(5.0, pflair >. 0.95)
    hyperIntense_gt_sv = vox1.rank_gt_in(0.95, flair, brain, 0.5, pflair_rank_histogram)
    hyperIntense_distgeq = vox1.depth_geq(5.0, hyperIntense_gt_sv)
    hyperIntense = vox1.signed_distance_lt(5.0, hyperIntense_distgeq)

    # let veryIntense = flt(2.0, pflair >. 0.86)
    veryIntense_gt_sv = vox1.rank_gt_in(0.86, flair, brain, 0.5, pflair_rank_histogram)
    veryIntense_distgeq = vox1.depth_geq(2.0, veryIntense_gt_sv)
    veryIntense = vox1.signed_distance_lt(2.0, veryIntense_distgeq)

    # let growTum = grow(hyperIntense, veryIntense)
    growTum_near = vox1.near(hyperIntense)
    growTum_touch = vox1.through(growTum_near, veryIntense)
    growTum = vox1.logical_or(hyperIntense, growTum_touch)

    # let tumSim = similarFLAIRTo(growTum)
    tumSim_min = vox1.minimum(flair)
    tumSim_max = vox1.maximum(flair)
    tumSim = vox1.crossCorrelation(
        3.0, flair, flair, growTum, tumSim_min, tumSim_max, 20.0
    )

    # let tumStatCC = flt(2.0, tumSim >. 0.6)
    tumStatCC_gt_sv = vox1.gt_sv(0.6, tumSim)
    tumStatCC_distgeq = vox1.depth_geq(2.0, tumStatCC_gt_sv)
    tumStatCC = vox1.signed_distance_lt(2.0, tumStatCC_distgeq)

    # let gtv = grow(growTum, tumStatCC)
    gtv_near = vox1.near(growTum)
    gtv_touch = vox1.through(gtv_near, tumStatCC)
    gtv = vox1.logical_or(growTum, gtv_touch)

    # print "01_dice_hyperIntense" dice(hyperIntense, truth)
    print_01_dice_hyperIntense_and = vox1.logical_and(hyperIntense, truth)
    print_01_dice_hyperIntense_volume = vox1.volume(print_01_dice_hyperIntense_and)
    print_01_dice_hyperIntense_multiply = scalar.multiply(
        2.0, print_01_dice_hyperIntense_volume
    )
    print_01_dice_hyperIntense_volume_2 = vox1.volume(hyperIntense)
    print_01_dice_hyperIntense_volume_3 = vox1.volume(truth)
    print_01_dice_hyperIntense_add = scalar.add(
        print_01_dice_hyperIntense_volume_2, print_01_dice_hyperIntense_volume_3
    )
    print_01_dice_hyperIntense_dice = scalar.divide_ieee(
        print_01_dice_hyperIntense_multiply, print_01_dice_hyperIntense_add
    )

    # print "02_dice_veryIntense" dice(veryIntense, truth)
    print_02_dice_veryIntense_and = vox1.logical_and(veryIntense, truth)
    print_02_dice_veryIntense_volume = vox1.volume(print_02_dice_veryIntense_and)
    print_02_dice_veryIntense_multiply = scalar.multiply(
        2.0, print_02_dice_veryIntense_volume
    )
    print_02_dice_veryIntense_volume_2 = vox1.volume(veryIntense)
    print_02_dice_veryIntense_add = scalar.add(
        print_02_dice_veryIntense_volume_2, print_01_dice_hyperIntense_volume_3
    )
    print_02_dice_veryIntense_dice = scalar.divide_ieee(
        print_02_dice_veryIntense_multiply, print_02_dice_veryIntense_add
    )

    # print "03_dice_growTum" dice(growTum, truth)
    print_03_dice_growTum_and = vox1.logical_and(growTum, truth)
    print_03_dice_growTum_volume = vox1.volume(print_03_dice_growTum_and)
    print_03_dice_growTum_multiply = scalar.multiply(2.0, print_03_dice_growTum_volume)
    print_03_dice_growTum_volume_2 = vox1.volume(growTum)
    print_03_dice_growTum_add = scalar.add(
        print_03_dice_growTum_volume_2, print_01_dice_hyperIntense_volume_3
    )
    print_03_dice_growTum_dice = scalar.divide_ieee(
        print_03_dice_growTum_multiply, print_03_dice_growTum_add
    )

    # print "04_dice_gtv" dice(gtv, truth)
    print_04_dice_gtv_and = vox1.logical_and(gtv, truth)
    print_04_dice_gtv_volume = vox1.volume(print_04_dice_gtv_and)
    print_04_dice_gtv_multiply = scalar.multiply(2.0, print_04_dice_gtv_volume)
    print_04_dice_gtv_volume_2 = vox1.volume(gtv)
    print_04_dice_gtv_add = scalar.add(
        print_04_dice_gtv_volume_2, print_01_dice_hyperIntense_volume_3
    )
    print_04_dice_gtv_dice = scalar.divide_ieee(
        print_04_dice_gtv_multiply, print_04_dice_gtv_add
    )

    return Plan(
        Print("01_dice_hyperIntense", print_01_dice_hyperIntense_dice),
        Print("02_dice_veryIntense", print_02_dice_veryIntense_dice),
        Print("03_dice_growTum", print_03_dice_growTum_dice),
        Print("04_dice_gtv", print_04_dice_gtv_dice),
        Save("output/gtv.nii.gz", gtv),
    )


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
