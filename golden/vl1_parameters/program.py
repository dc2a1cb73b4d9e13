# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, Save, command_line
from vlc_runtime.kernels import strings, vox1


def build(
    *,
    FOLDER: str,
    NAME: str,
    threshold: float = 3.0,
    OUTPUT: str,
) -> Plan:
    # load image = "$FOLDER/$NAME.nii.gz"
    image_path = strings.concat(FOLDER, "/", NAME, ".nii.gz")
    image = vox1.load(image_path)

    # print "above" volume(intensity(image) >. threshold)
    print_above_intensity = vox1.intensity(image)
    print_above_gt_sv = vox1.gt_sv(threshold, print_above_intensity)
    print_above_volume = vox1.volume(print_above_gt_sv)

    # save "$OUTPUT/$NAME_mask.nii.gz" intensity(image) >. threshold
    save_NAME_mask_path = strings.concat(OUTPUT, "/", NAME, "_mask.nii.gz")

    return Plan(
        Print("above", print_above_volume),
        Save(save_NAME_mask_path, print_above_gt_sv),
    )


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
