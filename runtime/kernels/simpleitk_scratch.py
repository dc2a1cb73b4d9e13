"""What SimpleITK's functions take inside while they compute: bytes a voxel, beyond their arguments and their result.

Measured with SimpleITK 2.5 on two threads, each call in a process of its own whose peak was set back before it: a
phantom of a head with noise, of 128 x 128 x 96, as float32, as int16 and as a mask of uint8 (vectors, labels or complex
numbers where a function takes nothing else), usual arguments, and radii of 1 and of 3 where there are any. The greatest
figure counts, rounded up. Where a result is larger than `pixel_types` tells, as vectors are, the rest of it is in the
figure. What takes less than half a byte is left out. Of fifteen programs with one of these functions each, on a head of
240 x 240 x 155, fourteen took what was predicted, within a tenth; one with ConnectedComponent took 1.16 times that.

Not measured, but set to the figure of its like: reconstruction by dilation or erosion of float32 (GrayscaleFillhole),
HalfHermitianToRealInverseFFT (InverseFFT), thresholds from a histogram within a mask, and KittlerIllingworthThreshold
(OtsuThreshold).

What the figures cannot tell:

- Filters that keep queues, trees or lists take what the image asks for. The figure of MorphologicalWatershed is that of
  a head flooded up to a level of 20: at level 0, where noise makes each few voxels a basin, it is twice as much.
- Segmentations by level sets, N4BiasFieldCorrection and IsolatedWatershed were stopped after 8 seconds; their lists and
  pyramids are made before that.
- Most filters take less on voxels of fewer bytes: the figures are mostly those of float32.

This module imports nothing, since every forecast reads it.
"""

from __future__ import annotations

_MEASURED = {  # bytes a voxel: functions
    2: """
        BinaryDilate BinaryErode DiscreteGaussianDerivative HuangThreshold IntermodesThreshold IsoDataThreshold
        IsolatedConnected KittlerIllingworthThreshold LabelMapOverlay LabelMapToRGB LiThreshold
        MaximumEntropyThreshold MomentsThreshold OtsuThreshold RenyiEntropyThreshold STAPLE ScalarConnectedComponent
        ShanbhagThreshold TriangleThreshold VotingBinaryIterativeHoleFilling YenThreshold
        """,
    3: """
        ConnectedThreshold IsoContourDistance LabelToRGB MorphologicalWatershedFromMarkers NeighborhoodConnected
        ScalarToRGBColormap ValuedRegionalMinima
        """,
    4: """
        BinaryMorphologicalOpening ConfidenceConnected FastMarching FastMarchingUpwindGradient LabelImageToLabelMap
        MagnitudeAndPhaseToComplex RealAndImaginaryToComplex VectorConfidenceConnected
        """,
    5: """
        ApproximateSignedDistanceMap BinaryContour BinaryMinMaxCurvatureFlow CurvatureAnisotropicDiffusion
        GradientAnisotropicDiffusion Hash LabelSetDilate LabelSetErode LaplacianRecursiveGaussian
        MinMaxCurvatureFlow UnsharpMask
        """,
    6: "ConnectedComponent DoubleThreshold FastApproximateRank RegionalMinima",
    7: "ChangeLabelLabelMap FastMarchingBase RelabelLabelMap",
    8: "BinaryMorphologicalClosing GrayscaleGeodesicDilate GrayscaleGeodesicErode LabelOverlay",
    9: """
        BinaryImageToLabelMap BinomialBlur CurvatureFlow DiscreteGaussian GradientMagnitudeRecursiveGaussian
        HalfHermitianToRealInverseFFT InverseFFT LaplacianSharpening MorphologicalGradient SignedMaurerDistanceMap
        Statistics ValuedRegionalMaxima ZeroCrossingBasedEdgeDetection
        """,
    10: "AggregateLabelMap BinaryReconstructionByDilation BoxMean",
    11: "BinaryOpeningByReconstruction Gradient MergeLabelMap RealToHalfHermitianForwardFFT",
    12: "BinaryReconstructionByErosion ThresholdMaximumConnectedComponents",
    13: """
        BinaryClosingByReconstruction DisplacementFieldJacobianDeterminant IterativeInverseDisplacementField
        RegionalMaxima
        """,
    14: """
        BinaryGrindPeak ClosingByReconstruction GrayscaleConnectedClosing GrayscaleFillhole GrayscaleGrindPeak
        GrayscaleMorphologicalClosing GrayscaleMorphologicalOpening HMaxima HMinima OpeningByReconstruction
        ReconstructionByDilation ReconstructionByErosion
        """,
    15: "ForwardFFT GrayscaleConnectedOpening",
    16: "BinaryFillhole LabelContour",
    17: "CannyEdgeDetection InvertDisplacementField",
    18: "BlackTopHat BoxSigma WhiteTopHat",
    19: "HConcave HConvex",
    20: "GradientRecursiveGaussian LabelMapContourOverlay LabelUniqueLabelMap",
    27: "DanielssonDistanceMap",
    29: "SobelEdgeDetection",
    30: "LaplacianSegmentationLevelSet",
    31: "ShapeDetectionLevelSet ThresholdSegmentationLevelSet",
    33: "AreaClosing AreaOpening",
    35: "CollidingFronts",
    37: "AntiAliasBinary N4BiasFieldCorrection",
    44: "GeodesicActiveContourLevelSet Toboggan",
    47: "SLIC",
    49: "InverseDisplacementField ObjectnessMeasure",
    60: "WienerDeconvolution",
    61: "CannySegmentationLevelSet FFTConvolution InverseDeconvolution TikhonovDeconvolution",
    65: "SignedDanielssonDistanceMap",
    74: "RichardsonLucyDeconvolution",
    75: "MorphologicalWatershed",
    78: "ScalarChanAndVeseDenseLevelSet",
    82: "LandweberDeconvolution ProjectedLandweberDeconvolution",
    83: "ReinitializeLevelSet",
    99: "ScalarImageKmeans",
    138: "IsolatedWatershed",
    145: "MaskedFFTNormalizedCorrelation",
    152: "FFTNormalizedCorrelation",
}

_NOT_MEASURED = 10
"""Two images of float32, and something: more than most filters take."""

SCRATCH: dict[str, int] = {name: taken for taken, names in _MEASURED.items() for name in names.split()}
"""By name, of the functions that take any. Two took too long to be measured, and how large a mosaic is depends on its
layout."""
SCRATCH |= {"PatchBasedDenoising": _NOT_MEASURED, "StochasticFractalDimension": _NOT_MEASURED, "Tile": _NOT_MEASURED}

PADDED_TO_BOTH = frozenset(
    {
        "FFTConvolution",
        "FFTNormalizedCorrelation",
        "InverseDeconvolution",
        "LandweberDeconvolution",
        "MaskedFFTNormalizedCorrelation",
        "ProjectedLandweberDeconvolution",
        "RichardsonLucyDeconvolution",
        "TikhonovDeconvolution",
        "WienerDeconvolution",
    }
)
"""They compute on a grid that is as long along each axis as their first two images together. Their figures are bytes of
each voxel of that: where the kernel is as large as the image, it has eight times as many."""
