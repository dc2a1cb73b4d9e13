# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line, loop
from vlc_runtime.kernels import default, scalar, simpleitk, vox1


def build() -> Plan:
    # files = ["images/a.nii.gz", "images/missing.nii.gz"]
    files = ["images/a.nii.gz", "images/missing.nii.gz"]

    # brightest = for file in files do for k in range(2) do max(intensity(ReadImage(file))) + k
    brightest_range = default.integer_range(2.0)
    brightest = loop(each_brightest, over=files, brightest_range=brightest_range)

    # print "first" brightest[0]
    print_first_index = default.index(brightest, 0.0)

    return Plan(
        Print("brightest", brightest),
        Print("first", print_first_index),
    )


def each_brightest(file, *, brightest_range):
    # brightest = for file in files do for k in range(2) do max(intensity(ReadImage(file))) + k
    read_image = simpleitk.ReadImage(file)
    intensity = vox1.intensity(read_image)
    max_ = vox1.maximum(intensity)
    return loop(each_brightest_2, over=brightest_range, max_=max_)


def each_brightest_2(k, *, max_):
    # brightest = for file in files do for k in range(2) do max(intensity(ReadImage(file))) + k
    return scalar.add(max_, k)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
