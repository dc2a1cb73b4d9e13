# Compiled by vlc from program.imgql. Edit that file and recompile: edits here are lost.
# build() only describes the computation; run() computes it.

from vlc_runtime import Plan, Print, command_line
from vlc_runtime.kernels import scalar, vox1


def build() -> Plan:
    # load image = "images/m.nii.gz"
    image = vox1.load("images/m.nii.gz")

    # print "dc" dc(upto(0, 1), upto(3, 4))
    print_dc_x = vox1.x(image)
    print_dc_geq_sv = vox1.geq_sv(0.0, print_dc_x)
    print_dc_leq_sv = vox1.leq_sv(1.0, print_dc_x)
    print_dc_upto = vox1.logical_and(print_dc_geq_sv, print_dc_leq_sv)
    print_dc_volume = vox1.volume(print_dc_upto)
    print_dc_nempty_b = scalar.greater(print_dc_volume, 0.0)
    print_dc_geq_sv_2 = vox1.geq_sv(3.0, print_dc_x)
    print_dc_leq_sv_2 = vox1.leq_sv(4.0, print_dc_x)
    print_dc_upto_2 = vox1.logical_and(print_dc_geq_sv_2, print_dc_leq_sv_2)
    print_dc_volume_2 = vox1.volume(print_dc_upto_2)
    print_dc_nempty_b_2 = scalar.greater(print_dc_volume_2, 0.0)
    print_dc_logical_and = scalar.logical_and(print_dc_nempty_b, print_dc_nempty_b_2)
    print_dc_and = vox1.logical_and(print_dc_upto, print_dc_upto_2)
    print_dc_volume_3 = vox1.volume(print_dc_and)
    print_dc_o = scalar.greater(print_dc_volume_3, 0.0)
    print_dc_logical_not = scalar.logical_not(print_dc_o)
    print_dc_dr = scalar.logical_and(print_dc_logical_and, print_dc_logical_not)
    print_dc_near = vox1.near(print_dc_upto)
    print_dc_and_2 = vox1.logical_and(print_dc_near, print_dc_upto_2)
    print_dc_volume_4 = vox1.volume(print_dc_and_2)
    print_dc_empty_b = scalar.equal(print_dc_volume_4, 0.0)
    print_dc_dc = scalar.logical_and(print_dc_dr, print_dc_empty_b)

    # print "ec" ec(upto(0, 1), upto(2, 4))
    print_ec_geq_sv = vox1.geq_sv(2.0, print_dc_x)
    print_ec_upto = vox1.logical_and(print_ec_geq_sv, print_dc_leq_sv_2)
    print_ec_volume = vox1.volume(print_ec_upto)
    print_ec_nempty_b = scalar.greater(print_ec_volume, 0.0)
    print_ec_logical_and = scalar.logical_and(print_dc_nempty_b, print_ec_nempty_b)
    print_ec_and = vox1.logical_and(print_dc_upto, print_ec_upto)
    print_ec_volume_2 = vox1.volume(print_ec_and)
    print_ec_o = scalar.greater(print_ec_volume_2, 0.0)
    print_ec_logical_not = scalar.logical_not(print_ec_o)
    print_ec_dr = scalar.logical_and(print_ec_logical_and, print_ec_logical_not)
    print_ec_and_2 = vox1.logical_and(print_dc_near, print_ec_upto)
    print_ec_volume_3 = vox1.volume(print_ec_and_2)
    print_ec_nempty_b_2 = scalar.greater(print_ec_volume_3, 0.0)
    print_ec_ec = scalar.logical_and(print_ec_dr, print_ec_nempty_b_2)

    # print "po" po(upto(0, 2), upto(2, 4))
    print_po_leq_sv = vox1.leq_sv(2.0, print_dc_x)
    print_po_upto = vox1.logical_and(print_dc_geq_sv, print_po_leq_sv)
    print_po_and = vox1.logical_and(print_po_upto, print_ec_upto)
    print_po_volume = vox1.volume(print_po_and)
    print_po_o = scalar.greater(print_po_volume, 0.0)
    print_po_not = vox1.logical_not(print_ec_upto)
    print_po_and_2 = vox1.logical_and(print_po_upto, print_po_not)
    print_po_volume_2 = vox1.volume(print_po_and_2)
    print_po_leq_b = scalar.equal(print_po_volume_2, 0.0)
    print_po_volume_3 = vox1.volume(print_po_upto)
    print_po_nempty_b = scalar.greater(print_po_volume_3, 0.0)
    print_po_p = scalar.logical_and(print_po_leq_b, print_po_nempty_b)
    print_po_logical_not = scalar.logical_not(print_po_p)
    print_po_logical_and = scalar.logical_and(print_po_o, print_po_logical_not)
    print_po_not_2 = vox1.logical_not(print_po_upto)
    print_po_and_3 = vox1.logical_and(print_ec_upto, print_po_not_2)
    print_po_volume_4 = vox1.volume(print_po_and_3)
    print_po_leq_b_2 = scalar.equal(print_po_volume_4, 0.0)
    print_po_pi = scalar.logical_and(print_po_leq_b_2, print_ec_nempty_b)
    print_po_logical_not_2 = scalar.logical_not(print_po_pi)
    print_po_po = scalar.logical_and(print_po_logical_and, print_po_logical_not_2)

    # print "eq" eq(upto(0, 2), x <. 3)
    print_eq_lt_sv = vox1.lt_sv(3.0, print_dc_x)
    print_eq_not = vox1.logical_not(print_eq_lt_sv)
    print_eq_and = vox1.logical_and(print_po_upto, print_eq_not)
    print_eq_volume = vox1.volume(print_eq_and)
    print_eq_leq_b = scalar.equal(print_eq_volume, 0.0)
    print_eq_p = scalar.logical_and(print_eq_leq_b, print_po_nempty_b)
    print_eq_and_2 = vox1.logical_and(print_eq_lt_sv, print_po_not_2)
    print_eq_volume_2 = vox1.volume(print_eq_and_2)
    print_eq_leq_b_2 = scalar.equal(print_eq_volume_2, 0.0)
    print_eq_volume_3 = vox1.volume(print_eq_lt_sv)
    print_eq_nempty_b = scalar.greater(print_eq_volume_3, 0.0)
    print_eq_pi = scalar.logical_and(print_eq_leq_b_2, print_eq_nempty_b)
    print_eq_eq = scalar.logical_and(print_eq_p, print_eq_pi)

    # print "tpp" tpp(upto(1, 2), upto(1, 4))
    print_tpp_geq_sv = vox1.geq_sv(1.0, print_dc_x)
    print_tpp_upto = vox1.logical_and(print_tpp_geq_sv, print_po_leq_sv)
    print_tpp_upto_2 = vox1.logical_and(print_tpp_geq_sv, print_dc_leq_sv_2)
    print_tpp_not = vox1.logical_not(print_tpp_upto_2)
    print_tpp_and = vox1.logical_and(print_tpp_upto, print_tpp_not)
    print_tpp_volume = vox1.volume(print_tpp_and)
    print_tpp_leq_b = scalar.equal(print_tpp_volume, 0.0)
    print_tpp_volume_2 = vox1.volume(print_tpp_upto)
    print_tpp_nempty_b = scalar.greater(print_tpp_volume_2, 0.0)
    print_tpp_p = scalar.logical_and(print_tpp_leq_b, print_tpp_nempty_b)
    print_tpp_not_2 = vox1.logical_not(print_tpp_upto)
    print_tpp_and_2 = vox1.logical_and(print_tpp_upto_2, print_tpp_not_2)
    print_tpp_volume_3 = vox1.volume(print_tpp_and_2)
    print_tpp_leq_b_2 = scalar.equal(print_tpp_volume_3, 0.0)
    print_tpp_volume_4 = vox1.volume(print_tpp_upto_2)
    print_tpp_nempty_b_2 = scalar.greater(print_tpp_volume_4, 0.0)
    print_tpp_p_2 = scalar.logical_and(print_tpp_leq_b_2, print_tpp_nempty_b_2)
    print_tpp_logical_not = scalar.logical_not(print_tpp_p_2)
    print_tpp_pp = scalar.logical_and(print_tpp_p, print_tpp_logical_not)
    print_tpp_near = vox1.near(print_tpp_upto)
    print_tpp_and_3 = vox1.logical_and(print_tpp_near, print_tpp_not)
    print_tpp_volume_5 = vox1.volume(print_tpp_and_3)
    print_tpp_leq_b_3 = scalar.equal(print_tpp_volume_5, 0.0)
    print_tpp_logical_not_2 = scalar.logical_not(print_tpp_leq_b_3)
    print_tpp_tpp = scalar.logical_and(print_tpp_pp, print_tpp_logical_not_2)

    # print "ntpp" ntpp(upto(2, 2), upto(1, 4))
    print_ntpp_upto = vox1.logical_and(print_ec_geq_sv, print_po_leq_sv)
    print_ntpp_and = vox1.logical_and(print_ntpp_upto, print_tpp_not)
    print_ntpp_volume = vox1.volume(print_ntpp_and)
    print_ntpp_leq_b = scalar.equal(print_ntpp_volume, 0.0)
    print_ntpp_volume_2 = vox1.volume(print_ntpp_upto)
    print_ntpp_nempty_b = scalar.greater(print_ntpp_volume_2, 0.0)
    print_ntpp_p = scalar.logical_and(print_ntpp_leq_b, print_ntpp_nempty_b)
    print_ntpp_not = vox1.logical_not(print_ntpp_upto)
    print_ntpp_and_2 = vox1.logical_and(print_tpp_upto_2, print_ntpp_not)
    print_ntpp_volume_3 = vox1.volume(print_ntpp_and_2)
    print_ntpp_leq_b_2 = scalar.equal(print_ntpp_volume_3, 0.0)
    print_ntpp_p_2 = scalar.logical_and(print_ntpp_leq_b_2, print_tpp_nempty_b_2)
    print_ntpp_logical_not = scalar.logical_not(print_ntpp_p_2)
    print_ntpp_pp = scalar.logical_and(print_ntpp_p, print_ntpp_logical_not)
    print_ntpp_near = vox1.near(print_ntpp_upto)
    print_ntpp_and_3 = vox1.logical_and(print_ntpp_near, print_tpp_not)
    print_ntpp_volume_4 = vox1.volume(print_ntpp_and_3)
    print_ntpp_leq_b_3 = scalar.equal(print_ntpp_volume_4, 0.0)
    print_ntpp_ntpp = scalar.logical_and(print_ntpp_pp, print_ntpp_leq_b_3)

    # print "empty" dc(upto(4, 3), upto(0, 1))
    print_empty_geq_sv = vox1.geq_sv(4.0, print_dc_x)
    print_empty_leq_sv = vox1.leq_sv(3.0, print_dc_x)
    print_empty_upto = vox1.logical_and(print_empty_geq_sv, print_empty_leq_sv)
    print_empty_volume = vox1.volume(print_empty_upto)
    print_empty_nempty_b = scalar.greater(print_empty_volume, 0.0)
    print_empty_logical_and = scalar.logical_and(
        print_empty_nempty_b, print_dc_nempty_b
    )
    print_empty_and = vox1.logical_and(print_empty_upto, print_dc_upto)
    print_empty_volume_2 = vox1.volume(print_empty_and)
    print_empty_o = scalar.greater(print_empty_volume_2, 0.0)
    print_empty_logical_not = scalar.logical_not(print_empty_o)
    print_empty_dr = scalar.logical_and(
        print_empty_logical_and, print_empty_logical_not
    )
    print_empty_near = vox1.near(print_empty_upto)
    print_empty_and_2 = vox1.logical_and(print_empty_near, print_dc_upto)
    print_empty_volume_3 = vox1.volume(print_empty_and_2)
    print_empty_empty_b = scalar.equal(print_empty_volume_3, 0.0)
    print_empty_dc = scalar.logical_and(print_empty_dr, print_empty_empty_b)

    return Plan(
        Print("dc", print_dc_dc),
        Print("ec", print_ec_ec),
        Print("po", print_po_po),
        Print("eq", print_eq_eq),
        Print("tpp", print_tpp_tpp),
        Print("ntpp", print_ntpp_ntpp),
        Print("empty", print_empty_dc),
    )


def run(store="results", scheduler="threads", **parameters):
    """Compute every goal and return {label: value}; the parameters are those of build()."""
    return build(**parameters).run(store=store, scheduler=scheduler)


if __name__ == "__main__":
    command_line(build)
