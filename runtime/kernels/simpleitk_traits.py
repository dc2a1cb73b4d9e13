"""What is true of some of SimpleITK's functions and not of the others."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


READS_A_FILE = frozenset({"ImageReaderBase_GetImageIOFromFileName", "ReadImage", "ReadTransform"})
"""The first argument is the path of a file whose content counts."""

LISTS_FILES = frozenset({"ImageSeriesReader_GetGDCMSeriesFileNames", "ImageSeriesReader_GetGDCMSeriesIDs"})
"""The result depends on what is in a directory now: it is never stored."""

WRITES_A_FILE = frozenset({"WriteImage", "WriteTransform"})

OPAQUE = _names(
    """
    AggregateLabelMap BinaryImageToLabelMap ChangeLabelLabelMap ForwardFFT LabelImageToLabelMap LabelUniqueLabelMap
    MagnitudeAndPhaseToComplex MergeLabelMap RealAndImaginaryToComplex RealToHalfHermitianForwardFFT RelabelLabelMap
    """
)
"""The result is an image that only SimpleITK's functions understand: it cannot be stored (`Cast` can give one too)."""

VOXELWISE = _names(
    """
    Abs AbsoluteValueDifference Acos Add And Asin Atan Atan2 BinaryMagnitude BinaryNot BinaryThreshold BitwiseNot
    BoundedReciprocal Cast Clamp ComplexToImaginary ComplexToModulus ComplexToPhase ComplexToReal Compose ConstantPad
    Cos Crop CyclicShift DICOMOrient Divide DivideFloor DivideReal DoubleThreshold EdgePotential Equal Exp ExpNegative
    Extract Flip Greater GreaterEqual IntensityWindowing InvertIntensity JoinSeries Less LessEqual Log Log10
    Mask MaskNegated MaskedAssign Maximum Minimum MirrorPad Modulus Multiply NaryAdd
    NaryMaximum Not NotEqual Or Paste PermuteAxes Pow RegionOfInterest Round ShiftScale
    Shrink Sigmoid Sin Slice Sqrt Square SquaredDifference Subtract Tan TernaryAdd TernaryMagnitude
    TernaryMagnitudeSquared Threshold Tile TransformGeometry UnaryMinus VectorIndexSelectionCast VectorMagnitude WrapPad
    Xor ZeroFluxNeumannPad
    """
)
"""One pass over memory: computing the result again is cheaper than loading it."""

SEVERAL_GRIDS = _names(
    """
    CenteredTransformInitializer CenteredVersorTransformInitializer Convolution FFTConvolution FFTNormalizedCorrelation
    HistogramMatching InverseDeconvolution LandmarkBasedTransformInitializer LandweberDeconvolution
    MaskedFFTNormalizedCorrelation NormalizedCorrelation Paste ProjectedLandweberDeconvolution Resample
    RichardsonLucyDeconvolution Tile TikhonovDeconvolution Warp WienerDeconvolution
    """
)
"""Made for images on different grids. ITK itself compares the grids of the others, but not their sizes: it adds a
corner of the larger image to the smaller one."""

OTHER_GRID = _names(
    """
    ApproximateSignedDistanceMap BinShrink BinaryProjection BinaryThresholdProjection ConstantPad Crop DICOMOrient
    Expand Extract FFTPad Flip ForwardFFT HalfHermitianToRealInverseFFT InverseDisplacementField InverseFFT JoinSeries
    LabelMapContourOverlay LabelMapMask LabelMapOverlay MaximumProjection MeanProjection MedianProjection
    MinimumProjection MirrorPad PatchBasedDenoising PermuteAxes RealToHalfHermitianForwardFFT RegionOfInterest Shrink
    Slice StandardDeviationProjection SumProjection TransformGeometry WrapPad ZeroFluxNeumannPad
    """
)
"""The image of a result may lie on another grid than the images it is made of, or is not known to lie on theirs. All
functions that are neither here nor made for several grids keep the grid, whatever their other arguments: a test asks
each of them."""

NEEDS_ITS_OWN_IMAGE = _names(
    """
    BinShrink Crop DisplacementFieldTransform Extract Paste RegionOfInterest Resample Shrink Slice
    """
)
"""These ask their input for a part of it, and ITK notes the request in the input image, which other threads may be
reading: they get an image of their own. A displacement field takes its image away from the caller."""

ONE_THREAD = _names(
    """
    AdditiveGaussianNoise ErodeObjectMorphology LaplacianSharpening N4BiasFieldCorrection Normalize NormalizeToConstant
    PatchBasedDenoising SaltAndPepperNoise ShotNoise SpeckleNoise
    """
)
"""The result depends on the number of threads, so they get one."""
