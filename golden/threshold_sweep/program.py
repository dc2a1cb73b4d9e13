# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line, loop
from vlc_runtime.kernels import default, simpleitk, vox1


def build() -> Plan:
    # image = intensity(ReadImage("images/a.nii.gz"))
    image_read_image = simpleitk.ReadImage("images/a.nii.gz")
    image = vox1.intensity(image_read_image)

    # seed = image >= 10
    seed = vox1.geq_sv(10.0, image)

    # sweep = for k in range(5, 11) do volume(through(near(seed), image >= k))
    sweep_range = default.integer_range(5.0, 11.0)
    sweep_near = vox1.near(seed)
    sweep = loop(each_sweep, over=sweep_range, sweep_near=sweep_near, image=image)

    return Plan(
        Print("volume by threshold", sweep),
    )


def each_sweep(k, *, sweep_near, image):
    # sweep = for k in range(5, 11) do volume(through(near(seed), image >= k))
    geq_sv = vox1.geq_sv(k, image)
    through = vox1.through(sweep_near, geq_sv)
    return vox1.volume(through)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
