# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, Save, command_line, loop
from vlc_runtime.kernels import simpleitk, vox1


def build() -> Plan:
    # files = ["images/a.nii.gz", "images/m.nii.gz"]
    files = ["images/a.nii.gz", "images/m.nii.gz"]

    # masks = for file in files do intensity(ReadImage(file)) > 0
    masks = loop(each_masks, over=files)

    # save "volumes.json" for mask in masks do volume(mask)
    save_volumes_loop = loop(each_save_volumes, over=masks)

    return Plan(
        Save("masks/{}.nii.gz", masks),
        Save("volumes.json", save_volumes_loop),
        Print("volumes", save_volumes_loop),
    )


def each_masks(file):
    # masks = for file in files do intensity(ReadImage(file)) > 0
    read_image = simpleitk.ReadImage(file)
    intensity = vox1.intensity(read_image)
    return vox1.gt_sv(0.0, intensity)


def each_save_volumes(mask):
    # save "volumes.json" for mask in masks do volume(mask)
    return vox1.volume(mask)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
