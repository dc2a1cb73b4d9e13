# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line, loop
from vlc_runtime.kernels import default, scalar, vox1


def build() -> Plan:
    # image = intensity(vox1.load("images/a.nii.gz"))
    image_load = vox1.load("images/a.nii.gz")
    image = vox1.intensity(image_load)

    # brain = image > 1
    brain = vox1.gt_sv(1.0, image)

    # seed = image >= 10
    seed = vox1.geq_sv(10.0, image)

    # print "voxels by threshold" for t in range(0, 12) do volume(image >= t)
    print_voxels_by_threshold_range = default.integer_range(0.0, 12.0)
    print_voxels_by_threshold_value_counts = vox1.value_counts(image)
    print_voxels_by_threshold_loop = vox1.volumes_geq(
        print_voxels_by_threshold_range, print_voxels_by_threshold_value_counts
    )

    # print "voxels by rank" for t in range(0, 10) do volume(ranks >= (t / 10))
    print_voxels_by_rank_range = default.integer_range(0.0, 10.0)
    print_voxels_by_rank_rank_counts = vox1.rank_counts(image, brain, 0.5)
    print_voxels_by_rank_numbers = loop(
        each_print_voxels_by_rank, over=print_voxels_by_rank_range
    )
    print_voxels_by_rank_loop = vox1.volumes_geq(
        print_voxels_by_rank_numbers, print_voxels_by_rank_rank_counts
    )

    # print "reached from the seed" for t in range(0, 12) do volume(touch(image >= t, seed))
    print_reached_from_the_seed_near = vox1.near(seed)
    print_reached_from_the_seed_least = scalar.least(print_voxels_by_threshold_range)
    print_reached_from_the_seed_geq_sv = vox1.geq_sv(
        print_reached_from_the_seed_least, image
    )
    print_reached_from_the_seed_reach_above_within = vox1.reach_above_within(
        print_reached_from_the_seed_near, image, print_reached_from_the_seed_geq_sv
    )
    print_reached_from_the_seed_value_counts = vox1.value_counts(
        print_reached_from_the_seed_reach_above_within
    )
    print_reached_from_the_seed_loop = vox1.volumes_geq(
        print_voxels_by_threshold_range, print_reached_from_the_seed_value_counts
    )

    # print "grown from the seed" for t in range(0, 12) do volume(grow(seed, image >= t) & brain)
    print_grown_from_the_seed_logical_and = vox1.logical_and(brain, seed)
    print_grown_from_the_seed_logical_not = vox1.logical_not(seed)
    print_grown_from_the_seed_logical_and_2 = vox1.logical_and(
        brain, print_grown_from_the_seed_logical_not
    )
    print_grown_from_the_seed_value_counts_within = vox1.value_counts_within(
        print_reached_from_the_seed_reach_above_within,
        print_grown_from_the_seed_logical_and_2,
    )
    print_grown_from_the_seed_volume = vox1.volume(
        print_grown_from_the_seed_logical_and
    )
    print_grown_from_the_seed_loop = loop(
        each_print_grown_from_the_seed,
        over=print_voxels_by_threshold_range,
        print_grown_from_the_seed_volume=print_grown_from_the_seed_volume,
        print_grown_from_the_seed_value_counts_within=print_grown_from_the_seed_value_counts_within,
    )

    # print "voxels by distance" for r in range(0, 8) do volume(dilate(seed, r / 2))
    print_voxels_by_distance_range = default.integer_range(0.0, 8.0)
    print_voxels_by_distance_d = vox1.dt(seed)
    print_voxels_by_distance_gt_sv = vox1.gt_sv(0.0, print_voxels_by_distance_d)
    print_voxels_by_distance_pdt = vox1.mask(
        print_voxels_by_distance_d, print_voxels_by_distance_gt_sv
    )
    print_voxels_by_distance_value_counts = vox1.value_counts(
        print_voxels_by_distance_pdt
    )
    print_voxels_by_distance_numbers = loop(
        each_print_voxels_by_distance, over=print_voxels_by_distance_range
    )
    print_voxels_by_distance_loop = vox1.volumes_leq(
        print_voxels_by_distance_numbers, print_voxels_by_distance_value_counts
    )

    return Plan(
        Print("voxels by threshold", print_voxels_by_threshold_loop),
        Print("voxels by rank", print_voxels_by_rank_loop),
        Print("reached from the seed", print_reached_from_the_seed_loop),
        Print("grown from the seed", print_grown_from_the_seed_loop),
        Print("voxels by distance", print_voxels_by_distance_loop),
    )


def each_print_voxels_by_rank(t):
    # print "voxels by rank" for t in range(0, 10) do volume(ranks >= (t / 10))
    return scalar.divide(t, 10.0)


def each_print_grown_from_the_seed(
    t,
    *,
    print_grown_from_the_seed_volume,
    print_grown_from_the_seed_value_counts_within,
):
    # print "grown from the seed" for t in range(0, 12) do volume(grow(seed, image >= t) & brain)
    volume_geq = vox1.volume_geq(t, print_grown_from_the_seed_value_counts_within)
    return scalar.add(print_grown_from_the_seed_volume, volume_geq)


def each_print_voxels_by_distance(r):
    # print "voxels by distance" for r in range(0, 8) do volume(dilate(seed, r / 2))
    return scalar.divide(r, 2.0)


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
